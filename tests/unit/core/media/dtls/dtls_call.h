#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/media/dtls/dtls_endpoint.h"
#include "sluice/ortc.h"
#include "tests/simulation/simulated_network.h"

/// Two endpoints and the network between them, in one thread and simulated time.
namespace sluice::test {

inline constexpr Instant kStart{};
inline constexpr WallTime kToday{std::chrono::hours{24 * 365 * 56}};

inline DtlsConfig dtls_config(std::vector<SrtpProfile> profiles = {kSrtpProfilePreference.begin(),
                                                                   kSrtpProfilePreference.end()}) {
  DtlsConfig config;
  config.srtp_profiles = std::move(profiles);
  return config;
}

struct DtlsPeer {
  explicit DtlsPeer(DtlsConfig config = dtls_config())
      : DtlsPeer{DtlsCertificate::generate(kToday), std::move(config)} {}
  DtlsPeer(DtlsCertificate certificate, DtlsConfig config) : context{std::move(certificate), std::move(config)} {}

  [[nodiscard]] std::vector<Fingerprint> fingerprints() const { return {context.certificate().fingerprint()}; }

  DtlsContext context;
  DtlsEndpoint endpoint{context};
};

class DtlsCall {
 public:
  static constexpr simulation::Address kClient{1};
  static constexpr simulation::Address kServer{2};

  explicit DtlsCall(std::uint64_t seed = 1, simulation::Link link = {}, DtlsConfig client_config = dtls_config(),
                    DtlsConfig server_config = dtls_config())
      : DtlsCall{seed,
                 link,
                 DtlsCertificate::generate(kToday),
                 DtlsCertificate::generate(kToday),
                 std::move(client_config),
                 std::move(server_config)} {}

  DtlsCall(std::uint64_t seed, simulation::Link link, DtlsCertificate client_certificate,
           DtlsCertificate server_certificate, DtlsConfig client_config = dtls_config(),
           DtlsConfig server_config = dtls_config())
      : client{std::move(client_certificate), std::move(client_config)},
        server{std::move(server_certificate), std::move(server_config)},
        network{seed, kStart} {
    network.set_default_link(link);
    attach(client.endpoint, kClient, kServer);
    attach(server.endpoint, kServer, kClient);
  }

  void start() {
    REQUIRE(server.endpoint.start(DtlsRole::auto_, client.fingerprints(), network.now()).has_value());
    start_client();
  }
  void start_client() {
    REQUIRE(client.endpoint.start(DtlsRole::client, server.fingerprints(), network.now()).has_value());
    drain(client.endpoint, kClient, kServer);
  }
  [[nodiscard]] bool both(DtlsState state) const {
    return client.endpoint.state() == state && server.endpoint.state() == state;
  }
  /// @return whether both reached the state in time.
  bool run_until_both(DtlsState state, Duration limit = std::chrono::seconds{60}) {
    return network.run_while_not([this, state] { return both(state); }, limit);
  }
  void drain() {
    drain(client.endpoint, kClient, kServer);
    drain(server.endpoint, kServer, kClient);
  }

  DtlsPeer client;
  DtlsPeer server;
  simulation::SimulatedNetwork network;
  std::size_t largest_datagram = 0;

 private:
  void attach(DtlsEndpoint& endpoint, simulation::Address own, simulation::Address other) {
    network.attach(own, {.handle_datagram =
                             [this, &endpoint, own, other](simulation::Address, Bytes datagram, Instant now) {
                               endpoint.handle_datagram(datagram, now);
                               drain(endpoint, own, other);
                             },
                         .next_timeout = [&endpoint] { return endpoint.next_timeout(); },
                         .handle_timeout =
                             [this, &endpoint, own, other](Instant now) {
                               endpoint.handle_timeout(now);
                               drain(endpoint, own, other);
                             }});
  }
  void drain(DtlsEndpoint& endpoint, simulation::Address own, simulation::Address other) {
    while (const auto datagram = endpoint.poll_datagram()) {
      largest_datagram = std::max(largest_datagram, datagram->size());
      network.send(own, other, *datagram);
    }
  }
};

}  // namespace sluice::test
