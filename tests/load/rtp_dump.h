#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/byte_reader.h"
#include "sluice/result.h"

/// The format of rtptools' rtpdump (`#!rtpplay1.0`), which Wireshark writes, too.
namespace sluice::load {

struct DumpedPacket {
  std::chrono::milliseconds offset{};  ///< from the beginning of the recording
  std::vector<std::uint8_t> bytes;     ///< RTP, not encrypted; truncated ones are left out
};

enum class DumpError : std::uint8_t {
  not_a_dump,  ///< the first line is another
  truncated,   ///< a header or a packet runs past the end
  bad_length,  ///< shorter than its own header
};

/// The RTP packets of a file's bytes. RTCP is skipped.
[[nodiscard]] Result<std::vector<DumpedPacket>, DumpError> read_rtp_dump(Bytes file);

/// What stands before the packets, and one packet as the file has it.
[[nodiscard]] std::vector<std::uint8_t> rtp_dump_head();
void append_to_rtp_dump(std::vector<std::uint8_t>& file, Bytes packet, std::chrono::milliseconds offset);

}  // namespace sluice::load
