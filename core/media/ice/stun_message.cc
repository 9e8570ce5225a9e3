#include "core/media/ice/stun_message.h"

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include <algorithm>
#include <cstring>

namespace sluice {
namespace {

constexpr std::uint32_t kMagicCookie = 0x2112a442;
constexpr std::uint16_t kMessageIntegrity = STUN_ATTRIBUTE_MESSAGE_INTEGRITY;
constexpr std::uint16_t kFingerprint = STUN_ATTRIBUTE_FINGERPRINT;
constexpr std::size_t kIntegritySize = 20;
constexpr std::size_t kFingerprintSize = 4;
constexpr std::size_t kMaxUsernameSize = 513;  // two ufrags of 256 and a colon, RFC 8445 section 5.3

// The comprehension-required attributes of ICE and of the Binding method; zero ends the list.
constexpr std::array<std::uint16_t, 9> kKnownAttributes{
    STUN_ATTRIBUTE_MAPPED_ADDRESS, STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
    STUN_ATTRIBUTE_ERROR_CODE,     STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
    STUN_ATTRIBUTE_PRIORITY,       STUN_ATTRIBUTE_USE_CANDIDATE,      0};

// libnice keeps a table of 200 outstanding requests in each agent; we keep none, so one agent a thread and purpose
// does.
StunAgent make_agent(unsigned flags) noexcept {
  StunAgent agent{};
  stun_agent_init(&agent, kKnownAttributes.data(), STUN_COMPATIBILITY_RFC5389,
                  static_cast<StunAgentUsageFlags>(flags | STUN_AGENT_USAGE_USE_FINGERPRINT));
  return agent;
}
StunAgent& anonymous_agent() noexcept {
  static thread_local StunAgent agent = make_agent(STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
  return agent;
}
StunAgent& short_term_agent() noexcept {
  static thread_local StunAgent agent = make_agent(STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS);
  return agent;
}

// libnice's C interface is not const-correct; it does not write into the messages that it reads.
::StunMessage view_of(Bytes datagram) noexcept {
  ::StunMessage view{};
  view.agent = &anonymous_agent();
  view.buffer = const_cast<std::uint8_t*>(datagram.data());
  view.buffer_len = datagram.size();
  return view;
}

std::uint8_t* key_of(std::string_view password) noexcept {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(password.data()));
}

bool give_password(StunAgent*, ::StunMessage*, std::uint8_t*, std::uint16_t, std::uint8_t** password, std::size_t* size,
                   void* data) {
  const auto& known = *static_cast<const std::string_view*>(data);
  *password = key_of(known);
  *size = known.size();
  return true;
}

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// |         Type                  |            Length             |
// |                 Value, padded to 32 bits ....                 |     RFC 8489 section 14
std::optional<StunParseError> check_attributes(ByteReader in) noexcept {
  bool fingerprint_last = false;
  for (std::size_t count = 0; in.remaining() > 0; ++count) {
    if (count == kMaxStunAttributes) return StunParseError::too_many_attributes;
    const auto type = in.u16();
    const auto length = in.u16();
    in.skip((std::size_t{length} + 3) / 4 * 4);

    if (in.failed()) return StunParseError::truncated_attribute;
    if (type == kMessageIntegrity && length != kIntegritySize) return StunParseError::bad_integrity_size;
    fingerprint_last = type == kFingerprint && length == kFingerprintSize && in.remaining() == 0;
    if (type == kFingerprint && !fingerprint_last) return StunParseError::no_fingerprint;
  }
  if (in.failed()) return StunParseError::truncated_attribute;
  return fingerprint_last ? std::nullopt : std::optional{StunParseError::no_fingerprint};
}

// |0 0|     STUN Message Type     |         Message Length        |
// |                         Magic Cookie                          |
// |                     Transaction ID (96 bits)                  |     RFC 8489 section 5
std::optional<StunParseError> check_structure(Bytes datagram) noexcept {
  if (datagram.size() < kStunHeaderSize) return StunParseError::truncated;
  if (datagram.size() > kMaxStunMessageSize) return StunParseError::too_large;
  ByteReader in{datagram};
  const auto type = in.u16();
  const auto length = in.u16();
  const auto cookie = in.u32();
  in.skip(sizeof(StunTransactionId));

  if (type >> 14 != 0 || cookie != kMagicCookie) return StunParseError::not_stun;
  if (length % 4 != 0 || length != in.remaining()) return StunParseError::bad_length;
  return check_attributes(in);
}

bool is_matching_fingerprint(Bytes datagram) noexcept {
  ::StunMessage view{};
  const auto status =
      stun_agent_validate(&anonymous_agent(), &view, datagram.data(), datagram.size(), nullptr, nullptr);
  switch (status) {
    case STUN_VALIDATION_NOT_STUN:
    case STUN_VALIDATION_INCOMPLETE_STUN:
    case STUN_VALIDATION_BAD_REQUEST:
      return false;
    default:  // what comes after the fingerprint: credentials, transactions, unknown attributes
      return true;
  }
}

Bytes finish(::StunMessage& message, std::string_view password, MutableBytes buffer) noexcept {
  // Without a key of its own libnice would take the request's; the views made here have none.
  const std::uint8_t* key = password.empty() ? nullptr : key_of(password);
  const std::size_t size = stun_agent_finish_message(&short_term_agent(), &message, key, password.size());
  return buffer.first(size);
}

bool append_error_code(::StunMessage& message, StunErrorCode code) noexcept {
  // |       Reserved, 21 bits        |Class|     Number    |          RFC 8489 section 14.8
  const auto number = static_cast<std::uint16_t>(code);
  const std::array<std::uint8_t, 4> value{0, 0, static_cast<std::uint8_t>(number / 100),
                                          static_cast<std::uint8_t>(number % 100)};
  return stun_message_append_bytes(&message, STUN_ATTRIBUTE_ERROR_CODE, value.data(), value.size()) ==
         STUN_MESSAGE_RETURN_SUCCESS;
}

bool start(::StunMessage& message, ::StunClass message_class, const StunTransactionId& id,
           MutableBytes buffer) noexcept {
  message = {};
  message.agent = &short_term_agent();
  message.buffer = buffer.data();
  message.buffer_len = buffer.size();
  ::StunTransactionId cookie_and_id{0x21, 0x12, 0xa4, 0x42};
  std::copy(id.begin(), id.end(), cookie_and_id + 4);
  return stun_message_init(&message, message_class, STUN_BINDING, cookie_and_id);
}

std::optional<std::uint64_t> find64(Bytes datagram, StunAttribute type) noexcept {
  const ::StunMessage view = view_of(datagram);
  std::uint64_t value = 0;
  if (stun_message_find64(&view, type, &value) != STUN_MESSAGE_RETURN_SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

Result<StunMessage, StunParseError> StunMessage::parse(Bytes datagram) noexcept {
  if (const auto error = check_structure(datagram)) return *error;
  if (!is_matching_fingerprint(datagram)) return StunParseError::wrong_fingerprint;
  return StunMessage{datagram};
}

StunClass StunMessage::message_class() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  return static_cast<StunClass>(stun_message_get_class(&view));  // both count as RFC 8489 section 5 does
}

bool StunMessage::is_binding() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  return stun_message_get_method(&view) == STUN_BINDING;
}

StunTransactionId StunMessage::transaction_id() const noexcept {
  StunTransactionId id{};
  std::copy_n(datagram_.begin() + (kStunHeaderSize - id.size()), id.size(), id.begin());
  return id;
}

std::string_view StunMessage::username() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  std::uint16_t size = 0;
  const void* value = stun_message_find(&view, STUN_ATTRIBUTE_USERNAME, &size);
  if (value == nullptr) return {};
  return {static_cast<const char*>(value), size};
}

std::optional<std::uint32_t> StunMessage::priority() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  std::uint32_t value = 0;
  if (stun_message_find32(&view, STUN_ATTRIBUTE_PRIORITY, &value) != STUN_MESSAGE_RETURN_SUCCESS) return std::nullopt;
  return value;
}

bool StunMessage::use_candidate() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  return stun_usage_ice_conncheck_use_candidate(&view);
}

std::optional<std::uint64_t> StunMessage::ice_controlling() const noexcept {
  return find64(datagram_, STUN_ATTRIBUTE_ICE_CONTROLLING);
}

std::optional<std::uint64_t> StunMessage::ice_controlled() const noexcept {
  return find64(datagram_, STUN_ATTRIBUTE_ICE_CONTROLLED);
}

std::optional<SocketAddress> StunMessage::xor_mapped_address() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (stun_message_find_xor_addr(&view, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, &address, &size) !=
      STUN_MESSAGE_RETURN_SUCCESS) {
    return std::nullopt;
  }
  return SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&address), size);
}

std::optional<std::uint16_t> StunMessage::error_code() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  int code = 0;
  if (stun_message_find_error(&view, &code) != STUN_MESSAGE_RETURN_SUCCESS) return std::nullopt;
  return static_cast<std::uint16_t>(code);
}

bool StunMessage::has_integrity() const noexcept {
  const ::StunMessage view = view_of(datagram_);
  return stun_message_has_attribute(&view, STUN_ATTRIBUTE_MESSAGE_INTEGRITY);
}

StunIntegrity StunMessage::check_integrity(std::string_view password) const noexcept {
  ::StunMessage view = view_of(datagram_);
  if (!has_integrity()) return StunIntegrity::missing;
  if (password.empty()) return StunIntegrity::wrong;

  StunAgent& agent = short_term_agent();
  const StunClass kind = message_class();
  if (kind == StunClass::success || kind == StunClass::error) {
    // libnice verifies a response against the request it remembers; give it the one that this response answers.
    StunAgentSavedIds& request = agent.sent_ids[0];
    request = {};
    stun_message_id(&view, request.id);
    request.method = stun_message_get_method(&view);
    request.key = key_of(password);
    request.key_len = password.size();
    request.valid = true;
  }
  const auto status = stun_agent_validate(&agent, &view, datagram_.data(), datagram_.size(), give_password, &password);
  agent.sent_ids[0].valid = false;
  // libnice sets the key once the HMAC has matched. (It passes an unauthenticated 400 or 401 as well: no key there.)
  const bool passed = status == STUN_VALIDATION_SUCCESS || status == STUN_VALIDATION_UNKNOWN_ATTRIBUTE ||
                      status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE;
  return passed && view.key != nullptr ? StunIntegrity::valid : StunIntegrity::wrong;
}

bool StunMessage::has_unknown_attributes() const noexcept {
  ::StunMessage view{};
  const auto status =
      stun_agent_validate(&anonymous_agent(), &view, datagram_.data(), datagram_.size(), nullptr, nullptr);
  return status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE || status == STUN_VALIDATION_UNKNOWN_ATTRIBUTE;
}

Bytes write_binding_success(const StunMessage& request, const SocketAddress& mapped, std::string_view password,
                            MutableBytes buffer) noexcept {
  ::StunMessage response{};
  if (buffer.size() < kStunResponseCapacity) return {};
  if (!start(response, STUN_RESPONSE, request.transaction_id(), buffer)) return {};

  sockaddr_storage address{};
  std::memcpy(&address, mapped.data(), mapped.size());
  if (stun_message_append_xor_addr(&response, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, &address, mapped.size()) !=
      STUN_MESSAGE_RETURN_SUCCESS) {
    return {};
  }
  return finish(response, password, buffer);
}

Bytes write_binding_error(const StunMessage& request, StunErrorCode code, std::string_view password,
                          MutableBytes buffer) noexcept {
  ::StunMessage response{};
  if (buffer.size() < kStunResponseCapacity) return {};
  if (code == StunErrorCode::unknown_attribute) {
    ::StunMessage view = view_of(request.bytes());
    view.key = key_of(password);
    view.key_len = password.size();
    const std::size_t size =
        stun_agent_build_unknown_attributes_error(&short_term_agent(), &response, buffer.data(), buffer.size(), &view);
    return buffer.first(size);
  }
  if (!start(response, STUN_ERROR, request.transaction_id(), buffer)) return {};
  if (!append_error_code(response, code)) return {};
  return finish(response, password, buffer);
}

Bytes write_binding_request(const BindingRequest& request, MutableBytes buffer) noexcept {
  ::StunMessage message{};
  if (buffer.size() < kMaxStunMessageSize || request.username.size() > kMaxUsernameSize) return {};
  if (!start(message, STUN_REQUEST, request.transaction_id, buffer)) return {};

  if (!request.username.empty()) {
    stun_message_append_bytes(&message, STUN_ATTRIBUTE_USERNAME, request.username.data(), request.username.size());
  }
  stun_message_append32(&message, STUN_ATTRIBUTE_PRIORITY, request.priority);
  if (request.ice_controlling) {
    stun_message_append64(&message, STUN_ATTRIBUTE_ICE_CONTROLLING, *request.ice_controlling);
  }
  if (request.ice_controlled) {
    stun_message_append64(&message, STUN_ATTRIBUTE_ICE_CONTROLLED, *request.ice_controlled);
  }
  if (request.use_candidate) stun_message_append_flag(&message, STUN_ATTRIBUTE_USE_CANDIDATE);

  const Bytes written = finish(message, request.password, buffer);
  ::StunTransactionId id{};
  stun_message_id(&message, id);
  stun_agent_forget_transaction(&short_term_agent(), id);  // the caller matches responses, not libnice
  return written;
}

}  // namespace sluice
