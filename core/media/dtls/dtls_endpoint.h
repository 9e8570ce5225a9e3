#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/media/dtls/datagram_bio.h"
#include "core/media/dtls/dtls_context.h"
#include "core/media/dtls/established_association.h"
#include "core/media/dtls/openssl_types.h"
#include "core/media/dtls/peer_verification.h"
#include "core/media/srtp/srtp_keys.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice {

enum class DtlsRole : std::uint8_t;  // sluice/ortc.h

enum class DtlsState : std::uint8_t {
  created,     ///< the peer's fingerprints are not known; datagrams are dropped
  connecting,  ///< the handshake is under way
  connected,   ///< the peer is who signalling said, and the SRTP keys are there
  closed,      ///< by either side, in order
  failed,
};
/// As W3C's RTCDtlsTransportState calls it: `new`, `connecting`, ...
[[nodiscard]] std::string_view to_string(DtlsState state) noexcept;

enum class DtlsFailure : std::uint8_t {
  fingerprint_missing,   ///< none of the peer's fingerprints has an acceptable algorithm
  own_fingerprint,       ///< the peer names the fingerprint of our certificate: a reflected description
  fingerprint_mismatch,  ///< the certificate presented is not the one that signalling told of
  no_srtp_profile,       ///< the handshake agreed on none
  handshake_error,       ///< what the peer sent, or did not offer, ends the handshake
  connection_error,      ///< a fatal alert of an authenticated peer, after the handshake
  timeout,               ///< the handshake was not done in time
  peer_closed,           ///< close_notify
};
[[nodiscard]] std::string_view to_string(DtlsFailure failure) noexcept;

struct DtlsCounters {
  std::uint64_t datagrams = 0;  ///< handed to handle_datagram()
  std::uint64_t dropped_before_start = 0;
  std::uint64_t dropped_after_end = 0;
  std::uint64_t dropped_malformed = 0;
  std::uint64_t dropped_plaintext_data = 0;    ///< application data before any handshake
  std::uint64_t dropped_application_data = 0;  ///< of the authenticated peer: there are no data channels
  std::uint64_t retransmissions = 0;           ///< flights that were sent again because our timer ran out
};

/// One side of DTLS-SRTP (RFC 5764) for one transport. It owns no socket, clock or thread: it is handed datagrams and
/// time, and after each call the caller drains poll_datagram() and looks at state() and next_timeout().
///
/// A handshake costs about a millisecond of elliptic curves on the caller's thread, spread over its datagrams.
/// OpenSSL's connection, 36 KB, is there from the first datagram to the end of the handshake.
class DtlsEndpoint {
 public:
  /// `context` must outlive the endpoint.
  explicit DtlsEndpoint(const DtlsContext& context) noexcept;
  ~DtlsEndpoint();
  DtlsEndpoint(const DtlsEndpoint&) = delete;
  DtlsEndpoint& operator=(const DtlsEndpoint&) = delete;

  /// Tells what the peer's certificate must look like, and starts the handshake. Once, and only in state `created`.
  ///
  /// @param role  Ours. `client` sends a ClientHello; `server` waits for one, and so does `auto_`: the gateway answers
  ///              offers as `passive`, RFC 8842 section 5.3.
  /// @return `fingerprint_missing` or `own_fingerprint`: the endpoint has failed.
  [[nodiscard]] Result<Ok, DtlsFailure> start(DtlsRole role, std::span<const Fingerprint> remote, Instant now);

  /// A datagram that RFC 7983 takes for DTLS. Never throws, whatever it holds. What comes before start() is dropped:
  /// the peer sends its flight again, RFC 6347 section 4.2.4.
  void handle_datagram(Bytes datagram, Instant now) noexcept;

  void handle_timeout(Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// The next datagram to send, at most kMaxDtlsDatagram bytes, valid until the next call of any function. Also after a
  /// failure or close(): the alert that tells the peer.
  [[nodiscard]] std::optional<Bytes> poll_datagram() noexcept { return pipe_.outgoing.pop(); }

  /// Tells the peer, if there is one, and ends. The SRTP keys must not be used any longer.
  void close() noexcept;

  [[nodiscard]] DtlsState state() const noexcept { return state_; }
  /// Why it failed, or was closed by the peer.
  [[nodiscard]] std::optional<DtlsFailure> failure() const noexcept { return failure_; }

  /// There once, after `connected` has been reached; the endpoint keeps no copy.
  [[nodiscard]] std::optional<SrtpKeys> take_srtp_keys() noexcept;

  [[nodiscard]] const DtlsCounters& counters() const noexcept { return counters_; }
  /// Of the association: `AES_128_GCM`; empty but while connected.
  [[nodiscard]] std::string_view cipher() const noexcept { return association_ ? association_->cipher_name() : ""; }

 private:
  static constexpr std::size_t kMaxRemoteFingerprints = 16;

  [[nodiscard]] bool open_connection(SrtpSide side);
  [[nodiscard]] bool accepts(Bytes datagram) noexcept;
  void advance_handshake() noexcept;
  void finish_handshake() noexcept;
  [[nodiscard]] bool export_keys(SrtpProfile profile) noexcept;
  void let_connection_go() noexcept;
  void read_records() noexcept;
  void hear(Bytes datagram) noexcept;
  void send(DatagramQueue datagrams) noexcept;
  void end(DtlsState state, std::optional<DtlsFailure> failure) noexcept;
  void retransmit() noexcept;

  const DtlsContext& context_;
  PeerVerification verification_;
  DatagramPipe pipe_;
  OpenSslPtr<ssl_st> connection_;                      // after what it points to; null but for the handshake
  std::optional<EstablishedAssociation> association_;  // while connected
  DatagramQueue last_flight_;
  DatagramQueue close_notify_;
  SrtpSide side_ = SrtpSide::server;
  DtlsState state_ = DtlsState::created;
  std::optional<DtlsFailure> failure_;
  std::optional<Instant> handshake_deadline_;
  std::optional<SrtpKeys> srtp_keys_;
  DtlsCounters counters_;
};

}  // namespace sluice
