"""Serve a Keycloak for a developer, with the realm of the tests; it is fetched from the Java registry once."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers.identity import keycloak  # noqa: E402  # found once the path is set


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it is stopped, Keycloak stops with it
    port, portal = int(os.environ.get("KEYCLOAK_PORT", "8180")), f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    with tempfile.TemporaryDirectory() as folder, keycloak(Path(folder), port=port, portal=portal) as running:
        print(f"Keycloak answers at {running.address} (admin, admin). Sign in as lea, password lea.")
        print("Serve the demonstration behind it, in another terminal:")
        print(f"  OIDC_ISSUER={running.issuer} OIDC_RP_CLIENT_SECRET=s3cret make demo")
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
