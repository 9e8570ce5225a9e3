#pragma once

#include "core/media/ice/full/glib_thread.h"
#include "tests/integration/ice/turn_server.h"
#include "tests/integration/media/full_ice_client.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {

inline FullIceOptions ice_on_loopback() {
  FullIceOptions options;
  options.local_addresses = {"127.0.0.1"};  // libnice leaves loopback out unless told so
  return options;
}
inline FullIceOptions relayed(const CoturnProcess& coturn) {
  FullIceOptions options = ice_on_loopback();
  options.relay_only = true;
  options.turn = {{.host = CoturnProcess::kIp,
                   .port = coturn.port(),
                   .user = CoturnProcess::kUser,
                   .password = CoturnProcess::kPassword}};
  return options;
}
inline MediaEngineOptions full_engine(FullIceOptions ice = ice_on_loopback(), unsigned workers = 2) {
  MediaEngineOptions options = on_loopback(workers);
  options.full_ice = std::move(ice);
  return options;
}

/// An engine of full ICE, and clients for it.
struct FullIceFixture : EngineFixture {
  explicit FullIceFixture(MediaEngineOptions options = full_engine()) : EngineFixture{std::move(options)} {}

  std::unique_ptr<Transport> gather_transport() {
    std::unique_ptr<Transport> created;
    router->create_transport([&](std::unique_ptr<Transport> transport) { created = std::move(transport); });
    CHECK(created == nullptr);
    REQUIRE(wait_until([&] { return created != nullptr; }));
    return created;
  }

  void connect(Transport& transport, FullIceClient& client) {
    REQUIRE(wait_until([&] { return client.gathered(); }, [&] { client.pump(clock.now()); }));
    transport.connect(client.connect_options());
    client.set_remote(transport);
  }

  /// Audio from one client reaches another.
  void check_call(FullIceClient& from, Transport& sending, FullIceClient& to, Transport& receiving) {
    constexpr Ssrc kMicrophone{0x1ce1ce};
    std::optional<TransportState> state;
    sending.on_state([&](TransportState next, std::string_view) { state = next; });
    const auto pump = [&] {
      from.pump(clock.now());
      to.pump(clock.now());
    };
    REQUIRE(wait_until([&] { return from.can_send() && to.can_send() && state == TransportState::connected; }, pump));
    const auto producer = produce_audio(sending, kMicrophone);
    const auto consumer = consume(receiving, *producer);
    const Ssrc heard = consumer->rtp_parameters().encodings.front().ssrc.value();
    CHECK(wait_until([&] { return to.count_of(heard) >= 20; },
                     [&] {
                       pump();
                       CHECK(from.send_audio(kMicrophone));
                     }));
    sending.on_state(nullptr);
  }
};

}  // namespace sluice::test
