public import AppcSchema

/// An image manifest with something of everything that manifests usually have.
public enum TypicalManifest {
  /// 2028 bytes, laid out as people write them.
  public static let written = Array(text.utf8)

  /// The same document without white space, 1495 bytes.
  public static func compact() throws(SchemaError) -> [UInt8] {
    try JSONValue.parse(written).serialized(.compact)
  }

  private static let text = """
    {
        "acKind": "ImageManifest",
        "acVersion": "0.8.11",
        "name": "example.com/reduce-worker",
        "labels": [
            {"name": "version", "value": "1.4.2"},
            {"name": "os", "value": "linux"},
            {"name": "arch", "value": "amd64"}
        ],
        "app": {
            "exec": ["/usr/bin/reduce-worker", "--quiet", "--config=/etc/reduce/worker.conf"],
            "user": "100",
            "group": "300",
            "supplementaryGIDs": [400],
            "eventHandlers": [
                {"name": "pre-start", "exec": ["/usr/bin/data-downloader"]},
                {"name": "post-stop", "exec": ["/usr/bin/deregister-worker"]}
            ],
            "workingDirectory": "/opt/work",
            "environment": [
                {"name": "WORKER_DEBUG", "value": "true"},
                {"name": "PATH", "value": "/usr/local/bin:/usr/bin:/bin"}
            ],
            "mountPoints": [
                {"name": "work", "path": "/var/lib/work"},
                {"name": "config", "path": "/etc/reduce", "readOnly": true}
            ],
            "ports": [
                {"name": "health", "port": 4000, "protocol": "tcp", "socketActivated": true}
            ],
            "isolators": [
                {"name": "resource/cpu", "value": {"request": "250m", "limit": "500m"}},
                {"name": "resource/memory", "value": {"limit": "1Gi"}},
                {"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_NET_BIND_SERVICE"]}}
            ]
        },
        "dependencies": [
            {
                "imageName": "example.com/reduce-worker-base",
                "imageID": "sha512-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "labels": [{"name": "os", "value": "linux"}, {"name": "version", "value": "8"}],
                "size": 22017258
            },
            {"imageName": "example.com/ca-certificates"}
        ],
        "annotations": [
            {"name": "authors", "value": "Carly Container <carly@example.com>"},
            {"name": "created", "value": "2014-10-27T19:32:27.67021798Z"}
        ]
    }

    """
}
