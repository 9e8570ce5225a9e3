// Answers in every way that a handler can: at once, later, never, twice, slowly, by throwing.
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "probe_options.h"
#include "sluice/background.h"
#include "sluice/events.h"
#include "sluice/http.h"
#include "sluice/log.h"
#include "sluice/plugin.h"
#include "sluice/timers.h"

namespace sluice::testing {

struct Slow {
  int ms = 0;
};
BOOST_DESCRIBE_STRUCT(Slow, (), (ms))

struct Inner {
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (count))

struct Typed {
  std::vector<Inner> items;
};
BOOST_DESCRIBE_STRUCT(Typed, (), (items))

struct Flood {
  int messages = 0;
  int bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Flood, (), (messages, bytes))

class Probe final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    host_ = &host;
    options_ = config.as<ProbeOptions>();
    answer(host.events());
    host.http().route("GET", "/probe/throw",
                      [](const HttpRequest&, const HttpReply&) { throw std::runtime_error{"a route that throws"}; });
    host.http().route("GET", "/probe/echo", [](const HttpRequest& request, HttpReply reply) {
      reply.json(json::object{{"path", request.path}, {"user", request.identity.user_id}});
    });
  }

  void reconfigure(const Config& config) override {
    options_ = config.as<ProbeOptions>();
    host_->log().info("reconfigured", {{"greeting", options_.greeting}});
  }

 private:
  void answer(Events& events) {
    events.on("probe:options", [this](Client&, const Nothing&) {
      return json::object{{"greeting", options_.greeting}, {"fixed", options_.fixed}};
    });
    events.on<Typed>("probe:typed", [](Client&, const Typed& typed) {
      return json::object{{"n", typed.items.size()}};
    });
    events.on("probe:throw", [](Client&, const Nothing&) { throw std::runtime_error{"the secret reason"}; });
    events.on("probe:throw-odd", [](Client&, const Nothing&) { throw 7; });
    events.on("probe:refuse", [](Client&, const Nothing&) {
      throw Error{ErrorCode::conflict, "not now", {{"why", "because"}}};
    });
    answer_in_odd_ways(events);
    events.on<Slow>("probe:slow", [this](Client&, const Slow& slow) {
      const Instant end = host_->timers().now() + std::chrono::milliseconds{slow.ms};
      while (host_->timers().now() < end) continue;
    });
    events.on<Flood>("probe:flood", [](Client& client, const Flood& flood) {
      const std::string text(static_cast<std::size_t>(flood.bytes), 'x');
      for (int i = 0; i < flood.messages; ++i) client.send("probe:flooded", json::object{{"text", text}});
    });
    events.on_disconnect([this](Client& client, std::string_view reason) {
      host_->log().info("gone", {{"user", client.identity().user_id}, {"reason", reason}});
    });
  }

  void answer_in_odd_ways(Events& events) {
    events.on("probe:later", [this](Client&, const Nothing&, Reply reply) {
      kept_.emplace(std::move(reply));
      timer_ = host_->timers().after(std::chrono::milliseconds{1}, [this] {
        kept_->ok(json::object{{"when", "later"}});
        kept_.reset();
      });
    });
    events.on("probe:background", [this](Client&, const Nothing&, Reply reply) {
      host_->background().run([] { return 42; },
                              [reply = std::move(reply)](JobResult<int>& result) mutable {
                                reply.ok(json::object{{"answer", result.value()}});
                              });
    });
    events.on("probe:never", [](Client&, const Nothing&, Reply) {});
    // Held until the plugin is destroyed: the client hears by then.
    events.on("probe:keep", [this](Client&, const Nothing&, Reply reply) { kept_.emplace(std::move(reply)); });
    events.on("probe:twice", [](Client&, const Nothing&, Reply reply) {
      reply.ok(json::object{{"answer", "first"}});
      reply.ok(json::object{{"answer", "second"}});
    });
    events.on("probe:answer-and-throw", [](Client&, const Nothing&, Reply reply) {
      reply.ok(json::object{{"answer", "first"}});
      throw std::runtime_error{"after the answer"};
    });
  }

  Host* host_ = nullptr;
  ProbeOptions options_;
  std::optional<Reply> kept_;
  Timer timer_;
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::Probe, "probe", "1.0.0", sluice::options<sluice::testing::ProbeOptions>())
