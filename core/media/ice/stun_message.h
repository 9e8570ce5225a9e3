#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/base/socket_address.h"
#include "sluice/result.h"

namespace sluice {

inline constexpr std::size_t kStunHeaderSize = 20;
/// RFC 8489 section 6.1: a STUN message fits the path MTU; 1280 bytes pass everywhere on IPv6.
inline constexpr std::size_t kMaxStunMessageSize = 1280;
/// A connectivity check carries about eight attributes.
inline constexpr std::size_t kMaxStunAttributes = 32;
/// What every response of ours fits into, the 420 with its list of kMaxStunAttributes included.
inline constexpr std::size_t kStunResponseCapacity = 256;

/// RFC 8489 section 5, the C bits.
enum class StunClass : std::uint8_t { request, indication, success, error };

enum class StunParseError : std::uint8_t {
  truncated,            ///< shorter than a header
  too_large,            ///< above kMaxStunMessageSize
  not_stun,             ///< first two bits or magic cookie are wrong
  bad_length,           ///< the length field is not the datagram's, or not a multiple of 4
  truncated_attribute,  ///< an attribute runs past the message
  too_many_attributes,  ///< more than kMaxStunAttributes
  bad_integrity_size,   ///< MESSAGE-INTEGRITY is not 20 bytes
  no_fingerprint,       ///< FINGERPRINT is missing, misplaced or not 4 bytes (ICE demands it, RFC 8445 section 7.1)
  wrong_fingerprint     ///< the CRC does not match
};

enum class StunIntegrity : std::uint8_t { valid, missing, wrong };

enum class StunErrorCode : std::uint16_t {
  bad_request = 400,
  unauthorized = 401,
  unknown_attribute = 420,
  role_conflict = 487  // RFC 8445 section 7.3.1.1
};

using StunTransactionId = std::array<std::uint8_t, 12>;

/// A view of a received STUN message whose structure and FINGERPRINT have been checked. It copies nothing: the datagram
/// must outlive it. Nothing in it is authenticated before check_integrity() says so.
///
/// The cryptography and the attribute formats are libnice's; what its validator trusts (that a MESSAGE-INTEGRITY is as
/// long as a SHA-1, that FINGERPRINT comes last) is checked here first.
class StunMessage {
 public:
  [[nodiscard]] static Result<StunMessage, StunParseError> parse(Bytes datagram) noexcept;

  [[nodiscard]] StunClass message_class() const noexcept;
  /// Is the method Binding, the only one that ICE uses?
  [[nodiscard]] bool is_binding() const noexcept;
  [[nodiscard]] StunTransactionId transaction_id() const noexcept;

  /// USERNAME as it came: any bytes, empty when there is none.
  [[nodiscard]] std::string_view username() const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> priority() const noexcept;
  [[nodiscard]] bool use_candidate() const noexcept;
  [[nodiscard]] std::optional<std::uint64_t> ice_controlling() const noexcept;
  [[nodiscard]] std::optional<std::uint64_t> ice_controlled() const noexcept;
  [[nodiscard]] std::optional<SocketAddress> xor_mapped_address() const noexcept;
  [[nodiscard]] std::optional<std::uint16_t> error_code() const noexcept;

  [[nodiscard]] bool has_integrity() const noexcept;
  /// Short-term credentials, RFC 8489 section 9.1. Of a response it is the sender's duty to know that it asked.
  [[nodiscard]] StunIntegrity check_integrity(std::string_view password) const noexcept;
  /// Does it hold a comprehension-required attribute that ICE does not know? RFC 8489 section 6.3.1: answer 420.
  [[nodiscard]] bool has_unknown_attributes() const noexcept;

  [[nodiscard]] Bytes bytes() const noexcept { return datagram_; }

 private:
  explicit StunMessage(Bytes datagram) noexcept : datagram_{datagram} {}

  Bytes datagram_;
};

/// Binding success response with XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY and FINGERPRINT.
/// @return What was written; empty when `buffer` is smaller than kStunResponseCapacity.
[[nodiscard]] Bytes write_binding_success(const StunMessage& request, const SocketAddress& mapped,
                                          std::string_view password, MutableBytes buffer) noexcept;

/// Binding error response, without a reason phrase so that it stays small: 36 bytes when unauthenticated.
/// The 420 lists the attributes it means.
/// @param password  Empty: without MESSAGE-INTEGRITY, as RFC 8489 section 9.1.3 wants 400 and 401 to be.
[[nodiscard]] Bytes write_binding_error(const StunMessage& request, StunErrorCode code, std::string_view password,
                                        MutableBytes buffer) noexcept;

/// A connectivity check, for whatever takes the client's side.
struct BindingRequest {
  StunTransactionId transaction_id{};
  std::string_view username{};  ///< empty: no USERNAME
  std::string_view password{};  ///< empty: no MESSAGE-INTEGRITY
  std::uint32_t priority = 0;
  std::optional<std::uint64_t> ice_controlling{};
  std::optional<std::uint64_t> ice_controlled{};
  bool use_candidate = false;
};

/// @return What was written; empty when `buffer` is smaller than kMaxStunMessageSize or the username does not fit.
[[nodiscard]] Bytes write_binding_request(const BindingRequest& request, MutableBytes buffer) noexcept;

}  // namespace sluice
