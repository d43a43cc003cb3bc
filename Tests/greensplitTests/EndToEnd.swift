import Testing

/// Tests with daemons and cabinets that must keep up with fast clocks: one at a time.
@Suite("The daemon and its cabinets as programs of their own", .serialized)
enum EndToEnd {}
