#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/socket_address.h"
#include "tests/load/load_stats.h"
#include "tests/load/paced_stream.h"
#include "tests/load/received_stream.h"
#include "tests/load/source_table.h"
#include "tests/simulation/rtc_peer.h"

namespace sluice::load {

/// The server's side of a connection, as signalling told it.
struct RemoteEnd {
  IceCredentials credentials;
  std::vector<Fingerprint> fingerprints;
  SocketAddress address;
};

/// One connection to make.
struct PeerOrder {
  RemoteEnd remote;
  IceCredentials local;
  DtlsRole role = DtlsRole::client;
  bool remote_checks = false;  ///< the server is not ICE-lite
  std::vector<OutgoingStream> streams;
  Recorder* recorder = nullptr;  ///< of all that is received; outlives the peer
  bool subscribes = false;       ///< counts among the subscribers, with its join times
  Instant join_started{};
  std::uint64_t seed = 1;
};

/// What all peers of a loop share; outlives them.
struct PeerSurroundings {
  const DtlsContext& dtls;
  const SourceTable& sources;
  const MeasuredWindow& window;
  LoadProgress& progress;
  LoadStats& stats;
  std::uint32_t verify_every = 16;
  Duration rtcp_interval{};
};

/// One WebRTC connection of the generator with a UDP socket of its own, connected to the server.
class LoadPeer final : private simulation::RtcPeerPort {
 public:
  /// @throws std::system_error where the socket cannot be made.
  LoadPeer(const PeerSurroundings& surroundings, PeerOrder order);
  ~LoadPeer() override;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  void start(Instant now);
  void handle_datagram(Bytes datagram, Instant now);
  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const noexcept;
  /// Tells the server that this is the end.
  void close() { rtc_.close(); }
  /// Adds what its streams have counted.
  void collect(LoadStats& stats) const noexcept;

  /// For the loop: when its timer is set to go off.
  std::optional<Instant> scheduled;

 private:
  static constexpr std::size_t kMaxStreams = 256;

  void send_datagram(Bytes datagram) override;
  void on_rtp(const RtpPacketView& packet, Instant now) override;
  void on_rtcp(const RtcpCompound& compound, Instant now) override;

  void note_connected(Instant now);
  void handle_rtp(Bytes datagram, Instant now);
  void verify(ReceivedStream& stream, std::int64_t position, Bytes datagram, Instant now);
  void account(const ReceivedStream& stream, std::int64_t position, Instant now);
  void send_reports(Instant now);
  [[nodiscard]] ReceivedStream* stream_of(Ssrc ssrc);
  void request_key_frame(Ssrc media);

  /// The packet that is being decrypted.
  struct Check {
    ReceivedStream& stream;
    std::int64_t position;
    bool passed = false;
  };

  const PeerSurroundings& around_;
  int fd_;
  simulation::RtcPeer rtc_;
  std::vector<PacedStream> outgoing_;
  std::vector<ReceivedStream> streams_;
  Check* check_ = nullptr;
  Recorder* recorder_;
  Instant join_started_;
  std::optional<Instant> next_report_;
  bool subscribes_;
  bool connected_ = false;
  bool failed_ = false;
  bool has_media_ = false;
};

}  // namespace sluice::load
