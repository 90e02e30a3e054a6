"""The address the program answers at: taken before anything else is opened."""

import errno
import socket


class AddressUnusable(Exception):
    """Nothing can be answered at this address."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; connections wait in it until they are served. Raises AddressUnusable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as cause:
        if cause.errno == errno.EADDRINUSE:
            raise AddressUnusable(
                f"port {port} of {host} is taken by another program, perhaps by a premierpas that runs already: "
                "end that one, or choose another port with --port") from cause
        raise AddressUnusable(f"port {port} of {host} cannot be used: {cause.strerror or cause}") from cause
    except OverflowError as cause:
        raise AddressUnusable(f"there is no port {port}: they go from 1 to 65535") from cause
