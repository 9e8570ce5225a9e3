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
  std::uint64_t number = 0;  ///< by which its ICE is restarted later; 0: never
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

/// New ICE credentials of a connection (RFC 8445 section 9).
struct IceRestart {
  std::uint64_t peer = 0;  ///< PeerOrder::number
  IceCredentials local;
  IceCredentials remote;
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
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  void start(Instant now);
  void restart_ice(IceRestart restart, Instant now);
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
  std::uint64_t number_;
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
  std::optional<std::uint64_t> answered_before_restart_;  // checks; nothing: no restart waits for an answer
};

}  // namespace sluice::load
