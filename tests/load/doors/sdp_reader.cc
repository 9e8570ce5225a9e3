#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "tests/load/doors/sdp_text.h"

namespace sluice::load {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return std::nullopt;
  return out;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class Reader {
 public:
  void line(std::string_view text) {
    if (text.starts_with("m=")) return media(text.substr(2));
    if (!text.starts_with("a=")) return;
    text.remove_prefix(2);
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    transport_attribute(name, value);
    if (!out_.media.empty()) media_attribute(out_.media.back(), name, value);
  }

  std::optional<SdpDescription> finish() {
    if (out_.ice.ufrag.empty() || out_.ice.pwd.empty() || out_.fingerprints.empty() || out_.media.empty()) {
      return std::nullopt;
    }
    return std::move(out_);
  }

 private:
  // m=video 9 UDP/TLS/RTP/SAVPF 96 97
  void media(std::string_view text) {
    const std::vector<std::string> fields = words(text);
    SdpMedia& added = out_.media.emplace_back();
    if (fields.size() < 3) return;
    added.kind = fields[0];
    added.rejected = fields[1] == "0";
    added.formats.assign(fields.begin() + 3, fields.end());
  }

  // In one bundle all sections say the same; the first counts.
  void transport_attribute(std::string_view name, std::string_view value) {
    if (name == "ice-ufrag" && out_.ice.ufrag.empty()) out_.ice.ufrag = value;
    if (name == "ice-pwd" && out_.ice.pwd.empty()) out_.ice.pwd = value;
    if (name == "setup" && out_.setup.empty()) out_.setup = value;
    if (name == "candidate") candidate(value);
    if (name != "fingerprint") return;
    const std::vector<std::string> fields = words(value);
    if (fields.size() != 2) return;
    const auto fingerprint = Fingerprint::parse(lower(fields[0]), fields[1]);
    if (fingerprint && std::ranges::find(out_.fingerprints, *fingerprint) == out_.fingerprints.end()) {
      out_.fingerprints.push_back(*fingerprint);
    }
  }

  // RFC 8839 section 5.1: foundation component transport priority address port typ type
  void candidate(std::string_view value) {
    const std::vector<std::string> fields = words(value);
    if (fields.size() < 8 || fields[1] != "1" || lower(fields[2]) != "udp") return;
    const auto port = number(fields[5]);
    if (!port || *port > 65'535) return;
    const auto address = SocketAddress::parse(fields[4], static_cast<std::uint16_t>(*port));
    if (address) out_.candidates.push_back(*address);
  }

  static void media_attribute(SdpMedia& media, std::string_view name, std::string_view value) {
    if (name == "mid") media.mid = value;
    if (name == "bundle-only") media.rejected = false;
    if (name == "sendrecv" || name == "sendonly" || name == "recvonly" || name == "inactive") media.direction = name;
    const std::vector<std::string> fields = words(value);
    if (fields.size() < 2) return;
    const auto id = number(fields[0]);  // `3/recvonly` is 3
    if (!id || *id > 255) return;
    const auto byte = static_cast<std::uint8_t>(*id);
    if (name == "extmap") media.extensions.emplace(fields[1], byte);
    if (name == "rtpmap") media.codecs.emplace(lower(fields[1].substr(0, fields[1].find('/'))), byte);
    if (name == "fmtp" && fields[1].starts_with("apt=")) {
      if (const auto repaired = number(std::string_view{fields[1]}.substr(4)); repaired && *repaired < 128) {
        media.retransmissions.emplace(static_cast<std::uint8_t>(*repaired), byte);
      }
    }
  }

  SdpDescription out_;
};

}  // namespace

std::optional<SdpDescription> read_sdp(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reader.line(line);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return reader.finish();
}

SdpDescription require_sdp(std::string_view text) {
  auto out = read_sdp(text);
  if (!out) throw std::runtime_error{"the server's SDP lacks credentials, a fingerprint or media"};
  if (out->candidates.empty()) throw std::runtime_error{"the server's SDP has no UDP candidate"};
  return std::move(*out);
}

RemoteEnd remote_end(const SdpDescription& description) {
  return {.credentials = description.ice,
          .fingerprints = description.fingerprints,
          .address = description.candidates.front()};
}

}  // namespace sluice::load
