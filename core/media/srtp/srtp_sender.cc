#include "core/media/srtp/srtp_sender.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/base/prefetch.h"
#include "core/media/srtp/srtp_header.h"

namespace sluice {
namespace {

constexpr std::uint32_t kEncryptedBit = 0x8000'0000;  // RFC 3711 section 3.4: E, before the SRTCP index
constexpr std::size_t kWord = 4;

Result<Ok, SrtpError> check_sizes(MutableBytes buffer, std::size_t size, std::size_t header,
                                  std::size_t trailer) noexcept {
  if (size < header) return SrtpError::too_small;
  if (size > kMaxSrtpPacket - trailer) return SrtpError::too_large;
  if (buffer.size() < size + trailer) return SrtpError::buffer_too_small;
  return Ok{};
}

}  // namespace

SrtpSender::SrtpSender(SrtpProfile profile, SrtpCipher rtp, SrtpCipher rtcp) noexcept
    : profile_{profile}, sizes_{sizes_of(profile)}, rtp_{std::move(rtp)}, rtcp_{std::move(rtcp)} {}

Result<SrtpSender, SrtpError> SrtpSender::create(SrtpProfile profile, const SrtpMasterKey& key) noexcept {
  auto rtp = SrtpCipher::create(profile, key, SrtpUse::rtp, SrtpDirection::outbound);
  auto rtcp = SrtpCipher::create(profile, key, SrtpUse::rtcp, SrtpDirection::outbound);
  if (!rtp || !rtcp) return SrtpError::internal;
  return SrtpSender{profile, *std::move(rtp), *std::move(rtcp)};
}

Result<std::size_t, SrtpError> SrtpSender::protect_rtp(MutableBytes buffer, std::size_t size) noexcept {
  if (const auto fits = check_sizes(buffer, size, kSrtpMinHeader, sizes_.rtp_trailer); !fits) return fits.error();
  const auto header = read_srtp_header(buffer.first(size));
  if (!header) return header.error();

  RtpStream& stream = rtp_stream(header->ssrc);
  const auto index = estimate_srtp_index(stream.sent.newest(), header->sequence);
  if (!index) return stream.sent.newest() < kSrtpReplayWindow ? SrtpError::too_old : SrtpError::key_limit;
  // A second packet under one nonce gives away GCM's authentication key, RFC 7714 section 8.1. Under AES-CM the same
  // payload under the same keystream gives nothing away.
  const IndexVerdict verdict = stream.sent.look_up(*index);
  if (is_aead(profile_) && verdict == IndexVerdict::seen) return SrtpError::replayed;
  if (is_aead(profile_) && verdict == IndexVerdict::too_old) return SrtpError::too_old;

  std::array<std::uint8_t, kWord> roll_over;
  ByteWriter{roll_over}.u32(static_cast<std::uint32_t>(*index >> 16));
  const bool sealed = rtp_.seal({.ssrc = header->ssrc,
                                 .index = *index,
                                 .header = buffer.first(header->size),
                                 .text = buffer.subspan(header->size, size - header->size),
                                 .suffix = is_aead(profile_) ? Bytes{} : Bytes{roll_over},
                                 .tag = buffer.subspan(size, sizes_.rtp_trailer)});
  if (!sealed) return SrtpError::internal;
  if (verdict == IndexVerdict::fresh) stream.sent.add(*index);
  return size + sizes_.rtp_trailer;
}

// RFC 7714 section 9.2: | header | encrypted | tag | E, index |
// RFC 3711 section 3.4: | header | encrypted | E, index | tag |
Result<std::size_t, SrtpError> SrtpSender::protect_rtcp(MutableBytes buffer, std::size_t size) noexcept {
  if (const auto fits = check_sizes(buffer, size, kSrtcpHeader, sizes_.rtcp_trailer); !fits) return fits.error();
  const auto header = read_srtcp_header(buffer.first(size));
  if (!header) return header.error();
  RtcpStream& stream = rtcp_stream(header->ssrc);
  if (stream.next_index > kMaxSrtcpIndex) return SrtpError::key_limit;

  const std::size_t tag_size = sizes_.rtcp_trailer - kWord;
  const MutableBytes word = buffer.subspan(is_aead(profile_) ? size + tag_size : size, kWord);
  const MutableBytes tag = buffer.subspan(is_aead(profile_) ? size : size + kWord, tag_size);
  ByteWriter{word}.u32(kEncryptedBit | static_cast<std::uint32_t>(stream.next_index));
  const bool sealed = rtcp_.seal({.ssrc = header->ssrc,
                                  .index = stream.next_index,
                                  .header = buffer.first(header->size),
                                  .text = buffer.subspan(header->size, size - header->size),
                                  .suffix = word,
                                  .tag = tag});
  if (!sealed) return SrtpError::internal;
  ++stream.next_index;
  return size + sizes_.rtcp_trailer;
}

void SrtpSender::prefetch() const noexcept {
  rtp_.prefetch();
  if (last_ < rtp_streams_.size()) sluice::prefetch(&rtp_streams_[last_], sizeof(RtpStream));
}

SrtpSender::RtpStream& SrtpSender::rtp_stream(Ssrc ssrc) noexcept {
  if (last_ < rtp_streams_.size() && rtp_streams_[last_].ssrc == ssrc) return rtp_streams_[last_];
  const auto found = std::ranges::find(rtp_streams_, ssrc, &RtpStream::ssrc);
  last_ = static_cast<std::size_t>(found - rtp_streams_.begin());
  if (found != rtp_streams_.end()) return *found;
  return rtp_streams_.emplace_back(RtpStream{.ssrc = ssrc, .sent = {}});
}

SrtpSender::RtcpStream& SrtpSender::rtcp_stream(Ssrc ssrc) noexcept {
  const auto found = std::ranges::find(rtcp_streams_, ssrc, &RtcpStream::ssrc);
  if (found != rtcp_streams_.end()) return *found;
  return rtcp_streams_.emplace_back(RtcpStream{.ssrc = ssrc});
}

void SrtpSender::forget(Ssrc ssrc) noexcept {
  std::erase_if(rtp_streams_, [ssrc](const RtpStream& stream) { return stream.ssrc == ssrc; });
  std::erase_if(rtcp_streams_, [ssrc](const RtcpStream& stream) { return stream.ssrc == ssrc; });
}

}  // namespace sluice
