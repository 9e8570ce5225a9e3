#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "core/app/system_clock.h"
#include "core/control/control_loop.h"
#include "core/media/dtls/dtls_context.h"
#include "core/media/engine/media_engine.h"
#include "core/metrics/metric_registry.h"

namespace sluice::bench {

/// A gateway's media with participants of two connected transports, two producers and two consumers each, and media
/// flowing. The clients live in a process of their own, so that what is measured is the gateway's share alone.
class Meeting {
 public:
  /// @param client  The certificate of all clients.
  /// @param orders  Where the clients' process reads what it is to connect to.
  Meeting(unsigned workers, const DtlsContext& dtls, const Fingerprint& client, int orders);

  /// Until so many are connected, and media of every stream has come.
  void grow_to(std::size_t count);
  [[nodiscard]] Router& router() noexcept { return *router_; }
  [[nodiscard]] ControlLoop& loop() noexcept { return loop_; }

 private:
  struct Participant {
    std::unique_ptr<Transport> sending;
    std::unique_ptr<Transport> receiving;
    std::unique_ptr<Producer> producers[2];
    std::unique_ptr<Consumer> consumers[2];
  };
  class QuietLog final : public Log {
   public:
    [[nodiscard]] bool enabled(LogLevel) const noexcept override { return false; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
  };

  std::unique_ptr<Transport> connect(std::uint32_t audio, std::uint32_t video);
  void join();

  Fingerprint client_;
  int orders_;
  SystemClock clock_;
  QuietLog log_;
  MetricRegistry metrics_;
  ControlLoop loop_{clock_};
  MediaEngine engine_;
  std::unique_ptr<Router> router_;
  std::vector<Participant> participants_;
  std::size_t connected_ = 0;
};

/// What is done with a meeting, once its clients' process runs.
using WithClients = std::function<void(const DtlsContext& gateway, const Fingerprint& client, int orders)>;
/// @return The program's exit status.
int run_with_clients(const WithClients& work);

}  // namespace sluice::bench
