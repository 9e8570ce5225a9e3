#include "core/media/srtp/srtp_session.h"

#include <srtp2/srtp.h>

namespace sluice {
namespace {

// libsrtp's crypto kernel is one per process and its start is not thread safe; a function's static is.
class SrtpLibrary {
 public:
  static bool ready() noexcept {
    static const SrtpLibrary library;
    return library.status_ == srtp_err_status_ok;
  }
  SrtpLibrary(const SrtpLibrary&) = delete;
  SrtpLibrary& operator=(const SrtpLibrary&) = delete;

 private:
  SrtpLibrary() noexcept : status_{srtp_init()} {}
  ~SrtpLibrary() {
    if (status_ == srtp_err_status_ok) srtp_shutdown();
  }

  srtp_err_status_t status_;
};

void set_crypto_policies(srtp_policy_t& policy, SrtpProfile profile) noexcept {
  switch (profile) {
    case SrtpProfile::aead_aes_128_gcm:
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
      return;
    case SrtpProfile::aead_aes_256_gcm:
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
      return;
    case SrtpProfile::aes128_cm_hmac_sha1_80:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
      return;
  }
}

}  // namespace

std::string_view to_string(SrtpError error) noexcept {
  switch (error) {
    case SrtpError::too_small:
      return "too_small";
    case SrtpError::too_large:
      return "too_large";
    case SrtpError::buffer_too_small:
      return "buffer_too_small";
    case SrtpError::malformed:
      return "malformed";
    case SrtpError::authentication_failed:
      return "authentication_failed";
    case SrtpError::replayed:
      return "replayed";
    case SrtpError::too_old:
      return "too_old";
    case SrtpError::key_limit:
      return "key_limit";
    case SrtpError::ssrc_limit:
      return "ssrc_limit";
    case SrtpError::internal:
      break;
  }
  return "internal";
}

void SrtpSessionDeleter::operator()(srtp_ctx_t_* session) const noexcept { srtp_dealloc(session); }

Result<SrtpSession, SrtpError> create_srtp_session(SrtpProfile profile, const SrtpMasterKey& key,
                                                   SrtpDirection direction) noexcept {
  const Bytes key_and_salt = key.key_and_salt();
  if (key_and_salt.size() != sizes_of(profile).key + sizes_of(profile).salt) return SrtpError::internal;
  if (!SrtpLibrary::ready()) return SrtpError::internal;

  srtp_policy_t policy{};
  set_crypto_policies(policy, profile);
  policy.ssrc.type = direction == SrtpDirection::outbound ? ssrc_any_outbound : ssrc_any_inbound;
  // libsrtp only reads the key; its interface is older than const.
  policy.key = const_cast<unsigned char*>(key_and_salt.data());
  policy.window_size = kSrtpReplayWindow;
  // A retransmission without RTX sends an index twice. Under AES-CM the same payload under the same keystream gives
  // nothing away. Under GCM a second header (a new transport-cc number) with the same nonce gives away the
  // authentication key, RFC 7714 section 8.1, so that there the second protection is refused.
  policy.allow_repeat_tx = is_aead(profile) ? 0 : 1;

  srtp_t session = nullptr;
  const srtp_err_status_t status = srtp_create(&session, &policy);
  if (status != srtp_err_status_ok) return srtp_error_from_status(status);
  return SrtpSession{session};
}

SrtpError srtp_error_from_status(int status) noexcept {
  switch (status) {
    case srtp_err_status_bad_param:
    case srtp_err_status_parse_err:
      return SrtpError::malformed;
    // A packet shorter than the tag, and what GCM says of a wrong tag, come as cipher_fail.
    case srtp_err_status_auth_fail:
    case srtp_err_status_cipher_fail:
      return SrtpError::authentication_failed;
    case srtp_err_status_replay_fail:
      return SrtpError::replayed;
    case srtp_err_status_replay_old:
    case srtp_err_status_pkt_idx_old:
      return SrtpError::too_old;
    case srtp_err_status_key_expired:
      return SrtpError::key_limit;
    default:
      return SrtpError::internal;
  }
}

}  // namespace sluice
