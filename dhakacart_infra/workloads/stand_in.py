"""What runs for a service that was never released: nginx with one page, which answers every path.

So the first ``up`` does not wait for an image that nobody could have pushed yet: the registry is made by it.
"""

PAGE_FILE = "stand-in.conf"
MOUNT = "/etc/stand-in"
COMMAND = ("nginx", "-c", f"{MOUNT}/{PAGE_FILE}")
USER_ID = 101  # nginx's own in that image
WRITABLE = ("/tmp",)  # noqa: S108 - of the container, and empty

_PAGE = """\
daemon off;
pid /tmp/nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  server {{
    listen {port};
    default_type text/plain;
    return 200 "{service} has not been released yet.\\n";
  }}
}}
"""


def pages(service: str, port: int) -> dict[str, str]:
    """nginx's configuration, by its file's name."""
    return {PAGE_FILE: _PAGE.format(service=service, port=port)}
