extension Isolator.Content: CustomStringConvertible {
  /// The command-line form of the isolator that has this content.
  public var description: String { Isolator(self).description }
}

extension Isolator.SeccompSet: CustomStringConvertible {
  /// `errno=EPERM,mount,umount`, as in the isolator's command-line form.
  public var description: String {
    let errno = errno.map { [IsolatorScanner.Item.pair(key: "errno", value: $0)] } ?? []
    return (errno + set.map(IsolatorScanner.Item.word)).map(\.text).joined(separator: ",")
  }
}

extension Isolator.SELinuxContext: CustomStringConvertible {
  /// `user:role:type:level`, as SELinux writes it.
  public var description: String { printable("\(user):\(role):\(type):\(level)".utf8) }
}

extension Isolator.SysctlSetting: CustomStringConvertible {
  /// `parameter=value`, as in the isolator's command-line form.
  public var description: String { IsolatorScanner.Item.pair(key: key, value: value).text }
}

extension Isolator.ResourceRange: CustomStringConvertible {
  /// `request=500m,limit=1`, as in the isolator's command-line form; "unlimited" if neither is set.
  public var description: String {
    let parts = [request.map { "request=\($0)" }, limit.map { "limit=\($0)" }].compactMap(\.self)
    return parts.isEmpty ? "unlimited" : parts.joined(separator: ",")
  }
}
