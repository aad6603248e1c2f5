import ACIStore
import AppcSchema
import Logging
public import Stage
import SystemPackage

extension Engine {
  /// Starts a pod: images that are files are imported, trees rendered where they are not yet, and every app started.
  ///
  /// Blocks until the apps have started. When it throws, nothing of the pod is left; imported images stay.
  ///
  /// - Throws: ``EngineError``; the message names the image, the app or the step.
  public func run(_ request: RunRequest) throws(EngineError) -> RunningPod {
    guard !request.apps.isEmpty else {
      throw EngineError(.invalidRequest, "running", "a pod", detail: "give at least one image")
    }
    var images: [PodAssembly.Image] = []
    for app in request.apps {
      let id = try imageID(of: app.image)
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
    // Pid 1 has its own hold on the leases once the pod runs; until then ours must live.
    return try withExtendedLifetime(leases) { () throws(EngineError) in
      try Self.within(.pod) { () throws(StageError) in try pods.launch(specification) }
    }
  }
}
