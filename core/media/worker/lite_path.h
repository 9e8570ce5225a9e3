#pragma once

#include "core/media/ice/ice_lite.h"
#include "core/media/transport/media_transport.h"
#include "core/media/transport/packet_path.h"
#include "core/media/worker/packet_output.h"

namespace sluice {

/// The path of an ICE-lite transport: the worker's shared sockets, towards the tuple that ICE has selected.
class LitePath final : public PacketPath {
 public:
  LitePath(IceCredentials local, const IceLiteConfig& config, PacketOutput& output, Instant now)
      : ice{std::move(local), config, now}, output_{output} {}

  [[nodiscard]] MutableBytes acquire() noexcept override { return output_.acquire(); }
  void commit(std::size_t size) noexcept override {
    const IceTuple* to = ice.selected();
    to == nullptr ? output_.commit(0, 0, {}) : output_.commit(size, to->socket, to->remote);
  }

  void prefetch() const noexcept override { ice.prefetch_selected(); }

  [[nodiscard]] PathState state() const noexcept {
    switch (ice.state()) {
      case IceState::fresh:
        return PathState::none;
      case IceState::connected:
      case IceState::completed:
        return PathState::ready;
      case IceState::disconnected:
        return PathState::lost;
      case IceState::failed:
        return PathState::failed;
    }
    return PathState::none;
  }

  [[nodiscard]] IceOutcome why_not() const noexcept override {
    const IceCounters& counters = ice.counters();
    const bool refused = counters.dropped(IceDrop::no_credentials) + counters.dropped(IceDrop::wrong_username) +
                             counters.dropped(IceDrop::wrong_integrity) >
                         0;
    return refused ? IceOutcome::refused : IceOutcome::silent;
  }

  IceLite ice;

 private:
  PacketOutput& output_;
};

}  // namespace sluice
