#include "tests/load/rtp_dump.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/byte_writer.h"

namespace sluice::load {
namespace {

constexpr std::string_view kMagic = "#!rtpplay1.0 ";
constexpr std::string_view kFirstLine = "#!rtpplay1.0 127.0.0.1/9\n";
constexpr std::size_t kFileHeader = 16;
constexpr std::size_t kPacketHeader = 8;
constexpr std::size_t kLongestLine = 256;

}  // namespace

//  #!rtpplay1.0 address/port\n
//  | start, seconds (4) | start, microseconds (4) | address (4) | port (2) | padding (2) |
//  then, of each packet
//  | length with this header (2) | length of the RTP packet, 0 of RTCP (2) | offset, ms (4) | packet |
Result<std::vector<DumpedPacket>, DumpError> read_rtp_dump(Bytes file) {
  const Bytes first_line = file.first(std::min(file.size(), kLongestLine));
  const auto newline = std::ranges::find(first_line, '\n');
  const std::string_view line{reinterpret_cast<const char*>(file.data()),
                              static_cast<std::size_t>(newline - first_line.begin())};
  if (newline == first_line.end() || !line.starts_with(kMagic)) return DumpError::not_a_dump;

  ByteReader in{file.subspan(line.size() + 1)};
  in.skip(kFileHeader);
  std::vector<DumpedPacket> out;
  while (!in.failed() && !in.rest().empty()) {
    const std::size_t length = in.u16();
    const std::size_t packet_length = in.u16();
    const std::chrono::milliseconds offset{in.u32()};
    if (in.failed()) return DumpError::truncated;
    if (length < kPacketHeader) return DumpError::bad_length;
    const Bytes captured = in.bytes(length - kPacketHeader);
    if (in.failed()) return DumpError::truncated;
    if (packet_length == 0 || packet_length > captured.size()) continue;
    out.push_back({offset, {captured.begin(), captured.begin() + static_cast<std::ptrdiff_t>(packet_length)}});
  }
  if (in.failed()) return DumpError::truncated;
  return out;
}

std::vector<std::uint8_t> rtp_dump_head() {
  std::vector<std::uint8_t> out{kFirstLine.begin(), kFirstLine.end()};
  out.resize(out.size() + kFileHeader);
  return out;
}

void append_to_rtp_dump(std::vector<std::uint8_t>& file, Bytes packet, std::chrono::milliseconds offset) {
  std::array<std::uint8_t, kPacketHeader> header{};
  ByteWriter out{header};
  out.u16(static_cast<std::uint16_t>(packet.size() + kPacketHeader));
  out.u16(static_cast<std::uint16_t>(packet.size()));
  out.u32(static_cast<std::uint32_t>(offset.count()));
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), packet.begin(), packet.end());
}

}  // namespace sluice::load
