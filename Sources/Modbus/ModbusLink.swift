/// A way to one device: requests go in one at a time, and each brings its registers or a failure.
///
/// Calls and completions are on the queue that the link was made for.
public protocol ModbusLink: AnyObject, Sendable {
  /// Sends a request, which must be sayable; reads bring the registers, writes an empty array.
  ///
  /// The completion runs once, and never from within this call. While another request of the link is
  /// outstanding it fails with `busy` and disturbs nothing.
  func send(
    _ request: ModbusRequest,
    completion: @escaping @Sendable (Result<[UInt16], LinkFailure>) -> Void)

  /// Ends a request that is outstanding with `closed`, and gives back what the link holds. The link can
  /// be used again.
  func close()
}
