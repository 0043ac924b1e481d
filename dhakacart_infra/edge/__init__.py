"""Where customers meet the shop."""
