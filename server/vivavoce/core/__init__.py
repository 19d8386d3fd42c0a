"""The pure domain: values, rules and state machines, without I/O, clocks or frameworks."""
