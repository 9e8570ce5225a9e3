#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/events.h"
#include "sluice/log.h"
#include "sluice/plugin.h"
#include "sluice/services.h"

/// Plugins that only depend on each other, and say in the log when they start and stop.
namespace sluice::testing {

struct Lamp {
  static constexpr std::string_view kService = "test.lamp/1";
};
struct RingA {
  static constexpr std::string_view kService = "test.ring-a/1";
};
struct RingB {
  static constexpr std::string_view kService = "test.ring-b/1";
};

struct LinkedOptions {
  std::string throws;                ///< what start() throws; empty: nothing
  bool offers = true;                ///< whether the plugin offers what its manifest declares
  std::vector<std::string> answers;  ///< events that it answers to
  int brightness = 1;

  static Schema<LinkedOptions> schema() {
    using Options = LinkedOptions;
    return Schema<Options>{"A plugin for tests."}
        .option("throws", &Options::throws, "What the start throws.")
        .option("offers", &Options::offers, "Whether the declared service is offered.")
        .option("answers", &Options::answers, "Events to answer.")
        .option("brightness", &Options::brightness, "A number.", range(1, 9));
  }
};

class LinkedPlugin : public Plugin {
 public:
  ~LinkedPlugin() override {
    if (host_ != nullptr) host_->log().info("destroyed");
  }

  void start(Host& host, const Config& config) override {
    host_ = &host;
    const auto options = config.as<LinkedOptions>();
    for (const std::string& event : options.answers) {
      host.events().on(event, [](Client&, const Nothing&) {});
    }
    if (options.offers) link(host.services());
    if (!options.throws.empty()) throw std::runtime_error{options.throws};
    host.log().info("started");
  }
  void stop() override { host_->log().info("stopped"); }

 private:
  virtual void link(Services& services) { static_cast<void>(services); }

  Host* host_ = nullptr;
};

}  // namespace sluice::testing
