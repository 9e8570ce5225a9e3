#include "core/media/dtls/dtls_endpoint.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include "core/media/dtls/dtls_record.h"
#include "sluice/ortc.h"

namespace sluice {
namespace {

// RFC 5764 section 4.2
constexpr std::string_view kExporterLabel = "EXTRACTOR-dtls_srtp";

/// OpenSSL's error queue belongs to the thread: what one endpoint leaves there would be read as another's.
class CleanErrorQueue {
 public:
  CleanErrorQueue() noexcept { ERR_clear_error(); }
  ~CleanErrorQueue() { ERR_clear_error(); }
  CleanErrorQueue(const CleanErrorQueue&) = delete;
  CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
};

}  // namespace

DtlsEndpoint::DtlsEndpoint(const DtlsContext& context) noexcept
    : context_{context},
      pipe_{.incoming = {},
            .outgoing = {},
            .timer = {context.config().initial_retransmission, context.config().max_retransmission,
                      RetransmissionTimer::supported_drive()}} {}

DtlsEndpoint::~DtlsEndpoint() = default;

Result<Ok, DtlsFailure> DtlsEndpoint::start(DtlsRole role, std::span<const Fingerprint> remote, Instant now) {
  assert(state_ == DtlsState::created);
  const CleanErrorQueue clean;
  const auto refuse = [this](DtlsFailure failure) {
    end(DtlsState::failed, failure);
    return failure;
  };
  const auto algorithm = strongest_acceptable(remote);
  if (!algorithm) return refuse(DtlsFailure::fingerprint_missing);
  if (context_.is_own(remote)) return refuse(DtlsFailure::own_fingerprint);
  for (const Fingerprint& fingerprint : remote) {
    if (fingerprint.algorithm() != *algorithm || verification_.expected.size() == kMaxRemoteFingerprints) continue;
    verification_.expected.push_back(fingerprint);
  }

  side_ = role == DtlsRole::client ? SrtpSide::client : SrtpSide::server;
  pipe_.timer.set_now(now);
  state_ = DtlsState::connecting;
  handshake_deadline_ = now + context_.config().handshake_timeout;
  if (side_ == SrtpSide::client) advance_handshake();  // its first flight; a server waits without a connection
  return Ok{};
}

bool DtlsEndpoint::open_connection(SrtpSide side) {
  connection_.reset(SSL_new(&context_.handle()));
  SSL* connection = connection_.get();
  if (connection == nullptr) return false;
  BIO* bio = new_datagram_bio(pipe_);
  if (bio == nullptr) return false;
  SSL_set_bio(connection, bio, bio);

  // Without the option OpenSSL would ask the BIO for the path's MTU, and forget ours.
  SSL_set_options(connection, SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu(connection, kMaxDtlsDatagram);
  DTLS_set_timer_cb(connection, next_retransmission_us);
  set_peer_verification(*connection, verification_);
  if (side == SrtpSide::client) {
    SSL_set_connect_state(connection);
  } else {
    SSL_set_accept_state(connection);
  }
  return true;
}

void DtlsEndpoint::handle_datagram(Bytes datagram, Instant now) noexcept {
  ++counters_.datagrams;
  if (!accepts(datagram)) return;
  pipe_.timer.set_now(now);
  const CleanErrorQueue clean;
  if (state_ == DtlsState::connected) return hear(datagram);
  pipe_.incoming = datagram;
  advance_handshake();
  pipe_.incoming = {};
}

bool DtlsEndpoint::accepts(Bytes datagram) noexcept {
  if (state_ == DtlsState::created) {
    ++counters_.dropped_before_start;
    return false;
  }
  if (state_ == DtlsState::closed || state_ == DtlsState::failed) {
    ++counters_.dropped_after_end;
    return false;
  }
  switch (inspect_datagram(datagram)) {
    case DatagramVerdict::acceptable:
      return true;
    case DatagramVerdict::malformed:
      ++counters_.dropped_malformed;
      return false;
    case DatagramVerdict::plaintext_application_data:
      ++counters_.dropped_plaintext_data;
      return false;
  }
  return false;
}

void DtlsEndpoint::advance_handshake() noexcept {
  if (connection_ == nullptr && !open_connection(side_)) return end(DtlsState::failed, DtlsFailure::handshake_error);
  const int result = SSL_do_handshake(connection_.get());
  if (result == 1) {
    finish_handshake();
    return;
  }
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return;
    case SSL_ERROR_ZERO_RETURN:
      end(DtlsState::failed, DtlsFailure::peer_closed);
      return;
    default:
      end(DtlsState::failed, verification_.outcome == PeerVerification::Outcome::mismatch
                                 ? DtlsFailure::fingerprint_mismatch
                                 : DtlsFailure::handshake_error);
  }
}

void DtlsEndpoint::finish_handshake() noexcept {
  const auto refuse = [this](DtlsFailure failure) {
    SSL_shutdown(connection_.get());
    end(DtlsState::failed, failure);
  };
  // No way leads here without the callback having run, as there is no resumption; media keys hang on it all the same.
  if (verification_.outcome != PeerVerification::Outcome::verified || SSL_session_reused(connection_.get()) != 0) {
    refuse(DtlsFailure::fingerprint_mismatch);
    return;
  }
  const SRTP_PROTECTION_PROFILE* selected = SSL_get_selected_srtp_profile(connection_.get());
  const auto profile = selected != nullptr ? srtp_profile_from_id(selected->id) : std::nullopt;
  if (!profile) {
    refuse(DtlsFailure::no_srtp_profile);
    return;
  }
  association_ = EstablishedAssociation::of(*connection_, side_);
  if (!association_ || !export_keys(*profile)) {
    refuse(DtlsFailure::handshake_error);
    return;
  }
  state_ = DtlsState::connected;
  handshake_deadline_.reset();
  read_records();  // what came behind the peer's Finished, in one datagram with it
  if (state_ == DtlsState::connected) let_connection_go();
}

// What may have to be sent later is written now: our last flight again, which is the server's (the client's was
// answered by it), and our farewell. The flight's records keep their numbers, as if the network had repeated them.
void DtlsEndpoint::let_connection_go() noexcept {
  last_flight_ = pipe_.outgoing;
  DatagramQueue waiting = std::exchange(pipe_.outgoing, {});
  SSL_shutdown(connection_.get());
  close_notify_ = std::exchange(pipe_.outgoing, std::move(waiting));
  pipe_.timer.stop();
  connection_.reset();
  verification_.expected = std::vector<Fingerprint>{};
}

bool DtlsEndpoint::export_keys(SrtpProfile profile) noexcept {
  std::array<std::uint8_t, kMaxKeyingMaterial> buffer{};
  const std::size_t size = keying_material_size(profile);
  const int exported = SSL_export_keying_material(connection_.get(), buffer.data(), size, kExporterLabel.data(),
                                                  kExporterLabel.size(), nullptr, 0, 0);
  if (exported == 1) srtp_keys_ = split_keying_material(profile, Bytes{buffer}.first(size), side_);
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return srtp_keys_.has_value();
}

void DtlsEndpoint::read_records() noexcept {
  std::array<std::uint8_t, 2048> unwanted;
  for (;;) {
    const int result = SSL_read(connection_.get(), unwanted.data(), static_cast<int>(unwanted.size()));
    if (result > 0) {
      ++counters_.dropped_application_data;
      continue;
    }
    switch (SSL_get_error(connection_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return;
      case SSL_ERROR_ZERO_RETURN:
        SSL_shutdown(connection_.get());  // RFC 5246 section 7.2.1: answered by our own close_notify
        end(DtlsState::closed, DtlsFailure::peer_closed);
        return;
      default:
        end(DtlsState::failed, DtlsFailure::connection_error);
        return;
    }
  }
}

// Alerts, and the peer's last flight when ours was lost.
void DtlsEndpoint::hear(Bytes datagram) noexcept {
  while (!datagram.empty() && state_ == DtlsState::connected) {
    const auto record = next_dtls_record(datagram);
    if (!record) return;
    datagram = record->rest;
    switch (association_->hear(*record)) {
      case DtlsUtterance::nothing:
        break;
      case DtlsUtterance::application_data:
        ++counters_.dropped_application_data;
        break;
      case DtlsUtterance::finished:
        send(last_flight_);
        break;
      case DtlsUtterance::close_notify:
        send(close_notify_);  // RFC 5246 section 7.2.1: answered by our own
        end(DtlsState::closed, DtlsFailure::peer_closed);
        break;
      case DtlsUtterance::fatal_alert:
        end(DtlsState::failed, DtlsFailure::connection_error);
        break;
    }
  }
}

void DtlsEndpoint::send(DatagramQueue datagrams) noexcept {
  while (const auto datagram = datagrams.pop()) {
    if (!pipe_.outgoing.push(*datagram)) ++pipe_.dropped_outgoing;
  }
}

void DtlsEndpoint::end(DtlsState state, std::optional<DtlsFailure> failure) noexcept {
  state_ = state;
  failure_ = failure;
  handshake_deadline_.reset();
  srtp_keys_.reset();
  association_.reset();
  last_flight_ = {};
  close_notify_ = {};
  pipe_.timer.stop();
  connection_.reset();
}

std::optional<Instant> DtlsEndpoint::next_timeout() const noexcept {
  const auto retransmission = pipe_.timer.deadline();
  if (!retransmission) return handshake_deadline_;
  if (!handshake_deadline_) return retransmission;
  return std::min(*retransmission, *handshake_deadline_);
}

void DtlsEndpoint::handle_timeout(Instant now) noexcept {
  pipe_.timer.set_now(now);
  if (handshake_deadline_ && *handshake_deadline_ <= now) {
    end(DtlsState::failed, DtlsFailure::timeout);
  } else if (pipe_.timer.is_due()) {
    retransmit();
  }
}

void DtlsEndpoint::retransmit() noexcept {
  const CleanErrorQueue clean;
  pipe_.timer.make_due();
  const long result = DTLSv1_handle_timeout(connection_.get());
  if (result > 0) {
    ++counters_.retransmissions;
  } else if (result == 0) {
    pipe_.timer.retry_later();
  } else {
    end(DtlsState::failed, DtlsFailure::timeout);  // OpenSSL's own limit, 12 retransmissions of one flight
  }
}

void DtlsEndpoint::close() noexcept {
  if (state_ == DtlsState::closed || state_ == DtlsState::failed) return;
  if (state_ == DtlsState::connected) send(std::move(close_notify_));
  end(DtlsState::closed, std::nullopt);
}

std::optional<SrtpKeys> DtlsEndpoint::take_srtp_keys() noexcept { return std::exchange(srtp_keys_, std::nullopt); }

std::string_view to_string(DtlsState state) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"new", "connecting", "connected", "closed", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view to_string(DtlsFailure failure) noexcept {
  constexpr std::array<std::string_view, 8> kNames{
      "fingerprint_missing", "own_fingerprint", "fingerprint_mismatch", "no_srtp_profile", "handshake_error",
      "connection_error",    "timeout",         "peer_closed"};
  return kNames[static_cast<std::size_t>(failure)];
}

}  // namespace sluice
