#include "tests/simulation/simulated_worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "tests/simulation/simulated_peer.h"

namespace sluice::simulation {
namespace {

constexpr WallTime kWallStart{std::chrono::hours{24 * 365 * 56}};

}  // namespace

SimulatedWorker::SimulatedWorker(SimulatedNetwork& network, Address address, WorkerIndex index, const DtlsContext& dtls,
                                 const WorkerCore::Config& config)
    : core{config, dtls, *this, *this, *this}, network_{network}, address_{address}, index_{index} {
  network_.attach(address_,
                  {.handle_datagram = [this](Address from, Bytes datagram,
                                             Instant now) { handle_datagram(from, kUdpSocket, datagram, now); },
                   .next_timeout = [this] { return next_timeout(); },
                   .handle_timeout = [this](Instant now) { handle_timeout(now); }});
  network_.attach(tcp_address(),
                  {.handle_datagram = [this](Address from, Bytes datagram,
                                             Instant now) { handle_datagram(from, kTcpSocket, datagram, now); },
                   .next_timeout = {},
                   .handle_timeout = {}});
}

SimulatedWorker::~SimulatedWorker() {
  network_.detach(address_);
  network_.detach(tcp_address());
}

void SimulatedWorker::link(SimulatedWorker& a, SimulatedWorker& b) {
  a.neighbours_[b.index_] = &b;
  b.neighbours_[a.index_] = &a;
  a.incoming_.try_emplace(b.index_);
  b.incoming_.try_emplace(a.index_);
}

TransportState SimulatedWorker::state_of(TransportKey key) const {
  const auto found = std::find_if(changes.rbegin(), changes.rend(),
                                  [key](const StateChange& change) { return change.transport == key; });
  return found == changes.rend() ? TransportState::created : found->state;
}

std::string SimulatedWorker::reason_of(TransportKey key) const {
  const auto found = std::find_if(changes.rbegin(), changes.rend(),
                                  [key](const StateChange& change) { return change.transport == key; });
  return found == changes.rend() ? std::string{} : found->reason;
}

void SimulatedWorker::commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept {
  const Address from = socket == kTcpSocket ? tcp_address() : address_;
  if (size > 0) network_.send(from, to_simulated_address(to), Bytes{out_}.first(size));
}

void SimulatedWorker::send_packet(WorkerIndex worker, ProducerKey producer, const RoutedPacket& packet) noexcept {
  SimulatedWorker& other = *neighbours_.at(worker);
  ++packets_to_other_workers;
  other.incoming_.at(index_).push(PacketRing::label_of(producer, packet), packet.rtp.bytes());
  wake(other);
}

void SimulatedWorker::request_keyframe(WorkerIndex worker, ProducerKey producer, std::uint8_t encoding) noexcept {
  SimulatedWorker& other = *neighbours_.at(worker);
  ++keyframe_requests_to_other_workers;
  other.requests_.push_back({producer, encoding});
  wake(other);
}

void SimulatedWorker::on_transport_state(TransportKey transport, TransportState state, std::string_view reason) {
  changes.push_back({transport, state, std::string{reason}});
}

bool SimulatedWorker::on_speakers(std::span<const SpeakerReport> reports, Instant /*now*/) {
  speaker_reports.insert(speaker_reports.end(), reports.begin(), reports.end());
  return true;
}

void SimulatedWorker::handle_datagram(Address from, std::uint8_t socket, Bytes datagram, Instant now) {
  if (datagram.size() > in_.size()) return core.count_oversize();
  std::ranges::copy(datagram, in_.begin());
  core.handle_datagram(MutableBytes{in_}.first(datagram.size()), {.remote = to_socket_address(from), .socket = socket},
                       now);
}

void SimulatedWorker::handle_timeout(Instant now) {
  woken_at_.reset();
  for (const KeyframeRequest& request : std::exchange(requests_, {})) {
    core.request_keyframe(request.producer, request.encoding, now);
  }
  for (auto& [writer, ring] : incoming_) {
    ring.drain([&](const PacketRing::Label& label, Bytes packet) { core.handle_remote_packet(label, packet, now); });
  }
  core.handle_timeout(now, kWallStart + std::chrono::duration_cast<WallTime::duration>(now.time_since_epoch()));
}

std::optional<Instant> SimulatedWorker::next_timeout() const {
  const auto core_timeout = core.next_timeout();
  if (!woken_at_ || !core_timeout) return woken_at_ ? woken_at_ : core_timeout;
  return std::min(*woken_at_, *core_timeout);
}

}  // namespace sluice::simulation
