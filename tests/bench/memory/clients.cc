#include "tests/bench/memory/clients.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "core/app/system_clock.h"
#include "tests/integration/ice/udp_socket.h"
#include "tests/simulation/media_source.h"

namespace sluice::bench {
namespace {

using namespace std::chrono_literals;
using simulation::FrameKind;
using simulation::MediaSource;

class Client final : public simulation::RtcPeerPort {
 public:
  Client(const ClientOrder& order, const DtlsContext& own, const Fingerprint& gateway, Instant now)
      : gateway_{SocketAddress::ipv4({127, 0, 0, 1}, order.port)},
        peer_{own,
              {.local = {.ufrag = "client", .pwd = "clientpassword0123456789"},
               .remote = {.ufrag = order.ufrag, .pwd = order.pwd},
               .role = DtlsRole::client,
               .remote_fingerprints = {gateway},
               .seed = socket_.address().port()},
              *this} {
    if (order.audio != 0) audio_.emplace(spec(MediaKind::audio, order.audio, "a"));
    if (order.video != 0) video_.emplace(spec(MediaKind::video, order.video, "v"));
    peer_.start(now);
  }

  void send_datagram(Bytes datagram) override { socket_.send(datagram, gateway_); }

  void pump(Instant now) {
    std::array<std::uint8_t, 2048> buffer;
    while (const auto received = socket_.receive(buffer, 0ms)) peer_.handle_datagram(received->packet, now);
    peer_.handle_timeout(now);
    if (!peer_.can_send() || now < next_media_) return;
    next_media_ = now + 1s;
    if (audio_) audio_->send_audio(peer_);
    if (video_) video_->send_frame(peer_, FrameKind::key);
  }

 private:
  static MediaSource::Spec spec(MediaKind kind, std::uint32_t ssrc, std::string_view mid) {
    return {.kind = kind, .ssrc = Ssrc{ssrc}, .mid = Mid::from(mid).value(), .payload_size = 1'000};
  }

  test::UdpSocket socket_;
  SocketAddress gateway_;
  simulation::RtcPeer peer_;
  std::optional<MediaSource> audio_;
  std::optional<MediaSource> video_;
  Instant next_media_{};
};

}  // namespace

void run_clients(int orders, const DtlsContext& own, const Fingerprint& gateway) {
  const SystemClock clock;
  std::vector<std::unique_ptr<Client>> clients;
  for (;;) {
    pollfd readable{.fd = orders, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, 1) == 1) {
      ClientOrder order;
      if (::read(orders, &order, sizeof order) != sizeof order) return;  // the other process has ended
      clients.push_back(std::make_unique<Client>(order, own, gateway, clock.now()));
    }
    for (const auto& client : clients) client->pump(clock.now());
  }
}

}  // namespace sluice::bench
