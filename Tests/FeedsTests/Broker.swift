import Feeds
import Support

extension Broker {
  /// A feed that hears `subscriptions`.
  func settings(_ subscriptions: [MQTTSettings.Subscription]) -> MQTTSettings {
    var settings = MQTTSettings(address: "127.0.0.1", port: port, subscriptions: subscriptions)
    settings.waits = 50...400
    return settings
  }
}
