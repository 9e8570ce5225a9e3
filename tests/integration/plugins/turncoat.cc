// Built twice, as two versions of one plugin: what changes is what it says of itself.
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "sluice/background.h"
#include "sluice/events.h"
#include "sluice/http.h"
#include "sluice/plugin.h"
#include "sluice/timers.h"

#ifndef TURNCOAT_VERSION
#define TURNCOAT_VERSION "1.0.0"
#endif

namespace sluice::testing {

struct TurncoatOptions {
  std::string greeting = "hello";
  std::string colour = "red";
  std::string throws;
  Secret secret;
  int most = 1;

  static Schema<TurncoatOptions> schema() {
    using Options = TurncoatOptions;
    return Schema<Options>{"A plugin that is replaced while it runs."}
        .option("greeting", &Options::greeting, "What it says.")
        .reloadable()
        .option("colour", &Options::colour, "Taken when it starts.")
        .option("throws", &Options::throws, "What the start throws; empty: nothing.")
        .option("secret", &Options::secret, "Must never be seen.")
        .option("most", &Options::most, "A number.", range(1, 9))
        .reloadable();
  }
};

struct ReadFile {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(ReadFile, (), (file))

class Turncoat final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    options_ = config.as<TurncoatOptions>();
    if (!options_.throws.empty()) throw std::runtime_error{options_.throws};
    host.events().on("turncoat:who", [this](Client&, const Nothing&) {
      return json::object{{"version", TURNCOAT_VERSION},
                          {"greeting", options_.greeting},
                          {"colour", options_.colour},
                          {"secret", options_.secret.reveal()},
                          {"ticks", ticks_ > 0}};
    });
    // The job ends when somebody writes to the file, a FIFO: by then this plugin may be another one.
    host.events().on<ReadFile>("turncoat:read", [&host](Client&, const ReadFile& request, Reply reply) {
      host.background().run(
          [file = request.file] {
            std::string text;
            std::ifstream{file} >> text;
            return text;
          },
          [reply = std::move(reply)](JobResult<std::string>& text) mutable {
            reply.ok(json::object{{"text", text.value()}});
          });
    });
    host.http().route("GET", "/turncoat", [](const HttpRequest&, HttpReply reply) {
      reply.json(json::object{{"version", TURNCOAT_VERSION}});
    });
    timer_ = host.timers().every(std::chrono::milliseconds{1}, [this] { ++ticks_; });
  }
  void reconfigure(const Config& config) override { options_ = config.as<TurncoatOptions>(); }

 private:
  TurncoatOptions options_;
  int ticks_ = 0;
  Timer timer_;
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::Turncoat, "turncoat", TURNCOAT_VERSION,
              sluice::options<sluice::testing::TurncoatOptions>())
