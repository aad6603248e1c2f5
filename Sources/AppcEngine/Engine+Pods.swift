import ACIStore
import AppcSchema
import Logging
public import Stage
import SystemPackage

extension Engine {
  /// A pod that is ready to be launched: what it is, and the holds on the trees that it needs.
  public struct AssembledPod: Sendable {
    /// What will be launched.
    public let specification: PodSpecification
    /// Keep the trees from being collected until pid 1 holds them itself.
    let leases: [TreeLease]
  }

  /// Starts a pod: images that are files are imported, trees rendered where they are not yet, and every app started.
  ///
  /// Blocks until the apps have started. When it throws, nothing of the pod is left; imported images stay.
  ///
  /// - Throws: ``EngineError``; the message names the image, the app or the step.
  public func run(_ request: RunRequest) throws(EngineError) -> RunningPod {
    try launch(try assemble(request))
  }

  /// Does everything for a pod that may take long: imports, renders, and puts its manifest together.
  ///
  /// Nothing of the pod exists yet.
  ///
  /// - Throws: ``EngineError``; the message names the image or the app.
  public func assemble(_ request: RunRequest) throws(EngineError) -> AssembledPod {
    guard !request.apps.isEmpty else {
      throw EngineError(.invalidRequest, "running", "a pod", detail: "give at least one image")
    }
    var images: [PodAssembly.Image] = []
    for app in request.apps {
      let id = try importedForRunning(app.image)
      let manifest = try Self.within(.store) { () throws(StoreError) in try store.manifest(of: id).manifest }
      images.append(PodAssembly.Image(id: id, manifest: manifest))
    }
    var assembly = PodAssembly(request: request, images: images)
    let manifest = try assembly.podManifest()
    for warning in assembly.warnings { logger.warning("\(warning)") }

    var roots: [ACName: RootSource] = [:]
    var streams: [ACName: AppStreams] = [:]
    var leases: [TreeLease] = []
    for (runtimeApp, (image, requested)) in zip(manifest.apps, zip(images, request.apps)) {
      let rendered = try Self.within(.store) { () throws(StoreError) in try store.renderLeased(image.id) }
      roots[runtimeApp.name] = .overlay(rendered.tree.rootfs)
      streams[runtimeApp.name] = requested.streams
      leases.append(rendered.lease)
    }
    let specification = PodSpecification(
      uuid: request.uuid, manifest: manifest, roots: roots, streams: streams, network: request.network,
      hostname: request.hostname, exceptions: request.exceptions, leases: leases.map(\.descriptor))
    return AssembledPod(specification: specification, leases: leases)
  }

  /// The ID of an image to run; that of a file is imported, and rendered while it is read where that is possible.
  private func importedForRunning(_ argument: ImageArgument) throws(EngineError) -> ImageID {
    guard case .file(let path) = argument else { return try imageID(of: argument) }
    return try importImage(path, options: ImportOptions(rendersTree: true)).record.id
  }

  /// Launches an assembled pod and returns when its apps have started.
  ///
  /// Takes milliseconds.
  ///
  /// - Throws: ``EngineError`` with `.pod`; then nothing of the pod is left.
  public func launch(_ pod: AssembledPod) throws(EngineError) -> RunningPod {
    try withExtendedLifetime(pod) { () throws(EngineError) in
      try Self.within(.pod) { () throws(StageError) in try pods.launch(pod.specification) }
    }
  }
}
