public import AppcSchema
public import Stage

extension Engine {
  /// All pods, oldest first.
  ///
  /// - Throws: ``EngineError`` with `.pod`.
  public func podList() throws(EngineError) -> [PodStatus] {
    try Self.within(.pod) { () throws(StageError) in try pods.list() }
  }

  /// What is known about the pod whose UUID starts with `prefix`.
  ///
  /// - Throws: ``EngineError`` with `.pod`.
  public func podStatus(matching prefix: String) throws(EngineError) -> PodStatus {
    try Self.within(.pod) { () throws(StageError) in try pods.status(of: try pods.uuid(matching: prefix)) }
  }

  /// Removes the pod whose UUID starts with `prefix`; it must not be running.
  ///
  /// - Returns: its UUID.
  /// - Throws: ``EngineError`` with `.pod`.
  public func removePod(matching prefix: String) throws(EngineError) -> PodUUID {
    try Self.within(.pod) { () throws(StageError) in
      let uuid = try pods.uuid(matching: prefix)
      try pods.remove(uuid)
      return uuid
    }
  }

  /// Marks pods that have exited and removes what the policy does not keep.
  ///
  /// - Throws: ``EngineError`` with `.pod`.
  public func collectPods(_ policy: Pods.CollectionPolicy) throws(EngineError) -> Pods.CollectionReport {
    try Self.within(.pod) { () throws(StageError) in try pods.collectGarbage(policy) }
  }
}
