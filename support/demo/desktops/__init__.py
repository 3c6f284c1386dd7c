"""The demo's and the fleet's desktops: their days, their programs, and the doors to the server."""
