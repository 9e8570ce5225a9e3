#include "core/media/srtp/srtp_error.h"

namespace sluice {

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

}  // namespace sluice
