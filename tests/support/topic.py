"""The topic that a component under test tells its alarms to."""

from dhakacart_infra.foundation.alarms import AlarmTopic, AlarmTopicArgs
from dhakacart_infra.foundation.component import Component


def topic(owner: Component) -> AlarmTopic:
    return AlarmTopic("alarms", AlarmTopicArgs(emails=()), owner.child())
