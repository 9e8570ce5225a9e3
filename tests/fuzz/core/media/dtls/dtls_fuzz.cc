#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/media/dtls/dtls_endpoint.h"
#include "sluice/ortc.h"

// Two endpoints, and an input that says what the network between them does: deliver, damage, cut, lose, repeat, invent,
// wait, close. Whatever happens, a connected endpoint has keys, and two connected endpoints have the same.
namespace {

using namespace sluice;
using Datagram = std::vector<std::uint8_t>;

const DtlsContext& context(std::size_t which) {
  constexpr WallTime kToday{std::chrono::hours{24 * 365 * 56}};
  static const std::array<DtlsContext, 2> contexts{DtlsContext{DtlsCertificate::generate(kToday)},
                                                   DtlsContext{DtlsCertificate::generate(kToday)}};
  return contexts[which];
}

void require(bool holds) {
  if (!holds) std::abort();
}

struct Side {
  explicit Side(std::size_t which) : endpoint{context(which)} {}

  void drain() {
    while (const auto datagram = endpoint.poll_datagram()) {
      require(datagram->size() <= static_cast<std::size_t>(kMaxDtlsDatagram));
      sent.emplace_back(datagram->begin(), datagram->end());
      if (sent.size() > kMaxKept) sent.pop_front();
    }
    if (endpoint.state() == DtlsState::connected && !keys) keys = endpoint.take_srtp_keys();
    require(endpoint.state() != DtlsState::connected || keys.has_value());
  }

  static constexpr std::size_t kMaxKept = 32;
  DtlsEndpoint endpoint;
  std::deque<Datagram> sent;  // what the other side may get
  std::optional<SrtpKeys> keys;
};

enum class Step : std::uint8_t { deliver, damage, cut, lose, repeat, invent, wait, fire, close, kMaxValue = close };

Datagram damaged(Datagram datagram, FuzzedDataProvider& in) {
  for (int i = in.ConsumeIntegralInRange<int>(1, 4); i > 0; --i) {
    datagram[in.ConsumeIntegralInRange<std::size_t>(0, datagram.size() - 1)] = in.ConsumeIntegral<std::uint8_t>();
  }
  return datagram;
}

void take_step(Side& from, Side& to, Instant& now, FuzzedDataProvider& in) {
  const auto front = [&from] {
    const Datagram datagram = from.sent.front();
    from.sent.pop_front();
    return datagram;
  };
  const auto step = in.ConsumeEnum<Step>();
  if (step < Step::invent && from.sent.empty()) return;
  switch (step) {
    case Step::deliver:
      to.endpoint.handle_datagram(front(), now);
      break;
    case Step::damage:
      to.endpoint.handle_datagram(damaged(front(), in), now);
      break;
    case Step::cut: {
      const Datagram datagram = front();
      to.endpoint.handle_datagram(Bytes{datagram}.first(in.ConsumeIntegralInRange<std::size_t>(0, datagram.size())),
                                  now);
      break;
    }
    case Step::lose:
      from.sent.pop_front();
      break;
    case Step::repeat:
      to.endpoint.handle_datagram(from.sent[in.ConsumeIntegralInRange<std::size_t>(0, from.sent.size() - 1)], now);
      break;
    case Step::invent:
      to.endpoint.handle_datagram(in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 1500)), now);
      break;
    case Step::wait:
      now += std::chrono::milliseconds{in.ConsumeIntegralInRange<int>(0, 5000)};
      break;
    case Step::fire:
      if (const auto timeout = to.endpoint.next_timeout()) {
        now = std::max(now, *timeout);
        to.endpoint.handle_timeout(now);
        const auto next = to.endpoint.next_timeout();
        require(!next || *next > now);  // a timer moves on
      }
      break;
    case Step::close:
      to.endpoint.close();
      break;
  }
}

void deliver_all(Side& from, Side& to, Instant now) {
  for (const Datagram& datagram : std::exchange(from.sent, {})) {
    to.endpoint.handle_datagram(datagram, now);
    to.drain();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMaxSteps = 60;
  FuzzedDataProvider in{data, size};
  Side client{0};
  Side server{1};
  Instant now{};
  const std::vector client_fingerprint{context(0).certificate().fingerprint()};
  const std::vector server_fingerprint{context(1).certificate().fingerprint()};
  static_cast<void>(client.endpoint.start(DtlsRole::client, server_fingerprint, now));
  static_cast<void>(server.endpoint.start(DtlsRole::server, client_fingerprint, now));
  client.drain();
  // Half a handshake done or a whole one lets the rest of the input reach what comes after.
  for (int rounds = in.ConsumeIntegralInRange<int>(0, 3); rounds > 0; --rounds) {
    deliver_all(client, server, now);
    deliver_all(server, client, now);
  }

  for (int i = 0; i < kMaxSteps && in.remaining_bytes() > 0; ++i) {
    const bool to_server = in.ConsumeBool();
    Side& from = to_server ? client : server;
    Side& to = to_server ? server : client;
    take_step(from, to, now, in);
    to.drain();
    if (client.keys && server.keys) require(client.keys->local == server.keys->remote);
  }
  return 0;
}
