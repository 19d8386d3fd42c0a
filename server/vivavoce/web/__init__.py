"""HTTP and websockets: parse, authorize, call a service, show the result."""
