#include "core/media/sdp/candidate.h"

#include "core/media/ortc/codec.h"
#include "core/media/sdp/text.h"

namespace sluice::sdp {
namespace {

constexpr std::size_t kMaxFoundation = 32;  // RFC 8839 section 5.1
constexpr std::size_t kMaxAddress = 253;    // a host name

std::optional<IceProtocol> protocol_of(std::string_view text) noexcept {
  if (ortc::equal_ignoring_case(text, "udp")) return IceProtocol::udp;
  if (ortc::equal_ignoring_case(text, "tcp")) return IceProtocol::tcp;
  return std::nullopt;
}

std::optional<IceCandidateType> type_of(std::string_view text) noexcept {
  if (text == "host") return IceCandidateType::host;
  if (text == "srflx") return IceCandidateType::srflx;
  if (text == "prflx") return IceCandidateType::prflx;
  if (text == "relay") return IceCandidateType::relay;
  return std::nullopt;
}

std::optional<IceTcpType> tcp_type_of(std::string_view text) noexcept {
  if (text == "active") return IceTcpType::active;
  if (text == "passive") return IceTcpType::passive;
  if (text == "so") return IceTcpType::so;
  return std::nullopt;
}

/// `raddr`, `rport`, `generation`, `tcptype`, `ufrag`, ...: pairs of a name and a value, of which two matter here.
void read_extensions(Splitter& in, CandidateLine& out) {
  while (!in.done()) {
    const std::string_view name = in.word();
    const std::string_view value = in.word();
    if (name == "tcptype") out.candidate.tcp_type = tcp_type_of(value);
    if (name == "ufrag") out.ufrag = value;
  }
}

std::string_view name_of(IceCandidateType type) noexcept {
  switch (type) {
    case IceCandidateType::host:
      return "host";
    case IceCandidateType::srflx:
      return "srflx";
    case IceCandidateType::prflx:
      return "prflx";
    case IceCandidateType::relay:
      break;
  }
  return "relay";
}

std::string_view name_of(IceTcpType type) noexcept {
  switch (type) {
    case IceTcpType::active:
      return "active";
    case IceTcpType::passive:
      return "passive";
    case IceTcpType::so:
      break;
  }
  return "so";
}

}  // namespace

// candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> [<name> <value>]...
Result<std::optional<CandidateLine>, std::string_view> read_candidate(std::string_view value) {
  Splitter in{value};
  const std::string_view foundation = in.word();
  const auto component = parse_number<std::uint16_t>(in.word());
  const std::string_view transport = in.word();
  const auto priority = parse_number<std::uint32_t>(in.word());
  const std::string_view address = in.word();
  const auto port = parse_number<std::uint16_t>(in.word());
  const bool typ = in.word() == "typ";
  const std::string_view type_name = in.word();

  if (!is_text(foundation, kMaxFoundation, ortc::is_ice))
    return std::string_view{"the foundation is not 1 to 32 ice-chars"};
  if (!component || *component == 0 || *component > 256) return std::string_view{"the component is not 1 to 256"};
  if (!is_text(transport, kMaxFoundation, is_token)) return std::string_view{"the transport is no token"};
  if (!priority || *priority == 0 || *priority > 0x7fffffff)
    return std::string_view{"the priority is not 1 to 2147483647"};
  if (!is_text(address, kMaxAddress, is_visible)) return std::string_view{"the address is missing"};
  if (!port) return std::string_view{"the port is not 0 to 65535"};
  if (!typ || !is_text(type_name, kMaxFoundation, is_token)) return std::string_view{"the candidate has no type"};

  const auto protocol = protocol_of(transport);
  const auto type = type_of(type_name);
  CandidateLine out{.candidate = {.foundation = std::string{foundation},
                                  .priority = *priority,
                                  .ip = std::string{address},
                                  .address = std::string{address},
                                  .protocol = protocol.value_or(IceProtocol::udp),
                                  .port = *port,
                                  .type = type.value_or(IceCandidateType::host)}};
  read_extensions(in, out);
  // RFC 8839 section 5.1: what is not understood is ignored. With rtcp-mux there is component 1 alone.
  const bool usable = *component == 1 && protocol && type && *port != 0;
  if (!usable) return std::optional<CandidateLine>{};
  const bool tcp = *protocol == IceProtocol::tcp;
  if (tcp != out.candidate.tcp_type.has_value()) {
    if (tcp) return std::string_view{"a TCP candidate has no tcptype of RFC 6544"};
    out.candidate.tcp_type.reset();
  }
  return std::optional{std::move(out)};
}

std::string write_candidate(const IceCandidate& candidate) {
  std::string out = candidate.foundation;
  out += candidate.protocol == IceProtocol::udp ? " 1 udp " : " 1 tcp ";
  out += std::to_string(candidate.priority);
  out.append(" ").append(candidate.address).append(" ").append(std::to_string(candidate.port));
  out.append(" typ ").append(name_of(candidate.type));
  // RFC 8839 section 5.1: these need a related address, and may keep it to themselves.
  if (candidate.type != IceCandidateType::host) out += " raddr 0.0.0.0 rport 0";
  if (candidate.tcp_type) out.append(" tcptype ").append(name_of(*candidate.tcp_type));
  return out;
}

bool is_hidden(const IceCandidate& candidate) noexcept {
  constexpr std::string_view kSuffix = ".local";
  const std::string_view address = candidate.address;
  return address.size() > kSuffix.size() &&
         ortc::equal_ignoring_case(address.substr(address.size() - kSuffix.size()), kSuffix);
}

}  // namespace sluice::sdp
