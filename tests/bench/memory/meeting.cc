#include "tests/bench/memory/meeting.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "tests/bench/memory/clients.h"
#include "tests/unit/core/media/ortc/fixtures.h"

namespace sluice::bench {
namespace {

using namespace std::chrono_literals;

constexpr Duration kConnectLimit = 120s;

FillRandom random_bytes() {
  return [generator = std::mt19937_64{7}](MutableBytes out) mutable {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(generator());
  };
}

MediaEngineOptions options(unsigned workers) {
  MediaEngineOptions options;
  options.workers = workers;
  options.base_port = 0;
  options.listen_addresses = {"127.0.0.1"};
  return options;
}

DtlsParameters dtls_of(const Fingerprint& fingerprint) {
  return {.role = DtlsRole::client,
          .fingerprints = {{std::string{to_string(fingerprint.algorithm())}, fingerprint.value()}}};
}

RtpParameters parameters(MediaKind kind, std::uint32_t ssrc) {
  using namespace ortc::fixtures;
  auto read_ = read<RtpParameters>(kind == MediaKind::audio ? kChromiumAudio : kSafariVideo);
  if (kind == MediaKind::video) read_.codecs = read<RtpParameters>(kChromiumVideo).codecs;
  read_.mid = kind == MediaKind::audio ? "a" : "v";
  read_.encodings.front().ssrc = Ssrc{ssrc};
  if (read_.encodings.front().rtx) read_.encodings.front().rtx->ssrc = Ssrc{ssrc + 1};
  return read_;
}

}  // namespace

Meeting::Meeting(unsigned workers, const DtlsContext& dtls, const Fingerprint& client, int orders)
    : client_{client},
      orders_{orders},
      engine_{options(workers), dtls, loop_, clock_, random_bytes(), log_, metrics_.component("media")},
      router_{engine_.create_router()} {
  engine_.start();
}

void Meeting::grow_to(std::size_t count) {
  while (participants_.size() < count) join();
  const Instant deadline = clock_.now() + kConnectLimit;
  const Timer poll = loop_.every(10ms, [&] {
    if (connected_ >= 2 * count || clock_.now() >= deadline) loop_.stop();
  });
  loop_.run();
  if (connected_ < 2 * count) std::printf("only %zu of %zu transports connected\n", connected_, 2 * count);
  const Timer flow = loop_.after(3s, [&] { loop_.stop(); });  // media of every stream has come by then
  loop_.run();
}

std::unique_ptr<Transport> Meeting::connect(std::uint32_t audio, std::uint32_t video) {
  std::unique_ptr<Transport> transport;
  router_->create_transport([&](std::unique_ptr<Transport> created) { transport = std::move(created); });
  transport->on_state([this](TransportState state, std::string_view) {
    if (state == TransportState::connected) ++connected_;
  });
  transport->connect({.dtls_parameters = dtls_of(client_), .ice_parameters = {}, .ice_candidates = {}});
  ClientOrder order{.port = transport->ice_candidates().front().port, .audio = audio, .video = video};
  std::strncpy(order.ufrag, transport->ice_parameters().username_fragment.c_str(), sizeof order.ufrag - 1);
  std::strncpy(order.pwd, transport->ice_parameters().password.c_str(), sizeof order.pwd - 1);
  if (::write(orders_, &order, sizeof order) != sizeof order) std::abort();
  return transport;
}

// Each hears and sees the one who joined before.
void Meeting::join() {
  Participant one;
  const auto ssrc = static_cast<std::uint32_t>(participants_.size() * 10 + 10);
  one.sending = connect(ssrc, ssrc + 1);
  one.receiving = connect(0, 0);
  one.producers[0] =
      one.sending->produce({.kind = MediaKind::audio, .rtp_parameters = parameters(MediaKind::audio, ssrc)});
  one.producers[1] =
      one.sending->produce({.kind = MediaKind::video, .rtp_parameters = parameters(MediaKind::video, ssrc + 1)});
  const Participant& before = participants_.empty() ? one : participants_.back();
  for (int i = 0; i < 2; ++i) {
    one.consumers[i] = one.receiving->consume(
        {.producer_id = before.producers[i]->id(), .rtp_capabilities = router_->rtp_capabilities()});
  }
  participants_.push_back(std::move(one));
}

int run_with_clients(const WithClients& work) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const DtlsContext gateway{DtlsCertificate::generate(SystemClock{}.wall_time())};
  const DtlsContext client{DtlsCertificate::generate(SystemClock{}.wall_time())};
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return 1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[1]);
    run_clients(pipe_ends[0], client, gateway.certificate().fingerprint());
    ::_exit(0);
  }
  ::close(pipe_ends[0]);
  work(gateway, client.certificate().fingerprint(), pipe_ends[1]);
  ::close(pipe_ends[1]);
  ::waitpid(child, nullptr, 0);
  return 0;
}

}  // namespace sluice::bench
