public import AppcSchema
public import Stage

/// What to run: images, and what to change of what they say.
///
/// All of it is values; nothing is looked up yet.
public struct RunRequest: Sendable {
  /// One app of the pod.
  public struct App: Sendable {
    /// Its image.
    public var image: ImageArgument
    /// Its name in the pod; the last part of the image's name by default.
    public var name: ACName?
    /// The program to run instead of the image's.
    public var exec: String?
    /// Arguments, after the program's or the image's own.
    public var arguments: [String] = []
    /// The user instead of the image's.
    public var user: String?
    /// The group instead of the image's.
    public var group: String?
    /// Supplementary groups instead of the image's.
    public var supplementaryGIDs: [UInt32]?
    /// The working directory instead of the image's.
    public var workingDirectory: String?
    /// Environment variables over everything else.
    public var environment: [Environment.Variable] = []
    /// Mounts of this app.
    public var mounts: [Mount] = []
    /// Whether the root is read-only.
    public var readOnlyRootFS = false
    /// Isolators that take the place of the image's of the same name.
    public var isolators: [Isolator] = []
    /// Annotations over the image's.
    public var annotations = Annotations()
    /// The app's streams.
    public var streams = AppStreams()

    /// Makes an app that runs what its image says.
    public init(image: ImageArgument) { self.image = image }
  }

  /// The pod's identity.
  public var uuid = PodUUID()
  /// The apps, in the order in which they start.
  public var apps: [App]
  /// The pod's volumes.
  public var volumes: [Volume] = []
  /// Host paths given in Rocket's old spelling `bind:/path`, for the one mount point that nothing else fills.
  public var bindSources: [String] = []
  /// Mounts of every app.
  public var mounts: [Mount] = []
  /// Variables of the caller, under the image's own.
  public var inheritedEnvironment: [Environment.Variable] = []
  /// Variables of every app, over the image's own.
  public var environment: [Environment.Variable] = []
  /// What the pod sees of networks.
  public var network = PodNetwork.none
  /// The pod's host name.
  public var hostname: String?
  /// What keeps apps in that is to be left out.
  public var exceptions: Set<ConfinementException> = []

  /// Makes a request for a pod of these apps.
  public init(apps: [App]) { self.apps = apps }
}
