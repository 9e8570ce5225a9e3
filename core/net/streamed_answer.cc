#include "core/net/streamed_answer.h"

#include <array>
#include <charconv>
#include <utility>

namespace sluice::net {

namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// RFC 9112 section 7.1: the size in hexadecimal digits, CRLF, the data, CRLF.
std::string chunk(std::string_view data) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
  std::string out;
  out.reserve(data.size() + size.size() + 4);
  out.append(size.data(), end).append("\r\n").append(data).append("\r\n");
  return out;
}

}  // namespace

StreamedAnswer::StreamedAnswer(std::string head, std::shared_ptr<HttpStreamReader> reader, StreamFraming framing)
    : reader_{std::move(reader)},
      framing_{framing},
      outgoing_{std::move(head)},
      complete_{framing == StreamFraming::head_only} {}

StreamedAnswer::Next StreamedAnswer::next() {
  if (!outgoing().empty()) return Next::write;
  if (complete_) return Next::done;
  HttpStreamReader::Taken taken = reader_->take();
  written_ = 0;
  outgoing_.clear();
  if (finishing_) return end(HttpStreamReader::End::complete);
  if (taken.bytes.empty()) return end(taken.end);
  outgoing_ = framing_ == StreamFraming::chunked ? chunk(taken.bytes) : std::move(taken.bytes);
  return Next::write;
}

StreamedAnswer::Next StreamedAnswer::end(HttpStreamReader::End how) {
  if (how == HttpStreamReader::End::open) return Next::wait;
  if (how != HttpStreamReader::End::complete) return Next::broken;
  complete_ = true;
  if (framing_ != StreamFraming::chunked) return Next::done;
  outgoing_ = kLastChunk;
  return Next::write;
}

void StreamedAnswer::finish() {
  finishing_ = true;
  reader_->close();
}

}  // namespace sluice::net
