#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/net/http_stream.h"

namespace sluice::net {

/// How the peer learns where the answer ends.
enum class StreamFraming : std::uint8_t {
  chunked,       ///< RFC 9112 section 7.1
  until_closed,  ///< by the end of the connection: HTTP/1.0
  head_only      ///< there is none: the answer to HEAD
};

/// The bytes of an answer that is written bit by bit, in the order in which they go out: the head, what the handler
/// writes, and the end. Owns no socket.
class StreamedAnswer {
 public:
  enum class Next : std::uint8_t {
    write,  ///< `outgoing`
    wait,   ///< for the handler
    done,   ///< all is written
    broken  ///< it cannot be completed
  };

  StreamedAnswer(std::string head, std::shared_ptr<HttpStreamReader> reader, StreamFraming framing);
  ~StreamedAnswer() { close(); }
  StreamedAnswer(const StreamedAnswer&) = delete;
  StreamedAnswer& operator=(const StreamedAnswer&) = delete;

  [[nodiscard]] Next next();
  /// What is to be written now; valid until `next`.
  [[nodiscard]] std::string_view outgoing() const noexcept { return std::string_view{outgoing_}.substr(written_); }
  void written(std::size_t bytes) noexcept { written_ += bytes; }
  /// The peer reads too slowly for what the handler writes.
  [[nodiscard]] bool overrun() const { return reader_->overrun(); }
  /// Completes the answer after what is on its way, whatever the handler still has to say.
  void finish();
  /// Nothing more will be written: tells the handler.
  void close() { reader_->close(); }

 private:
  [[nodiscard]] Next end(HttpStreamReader::End how);

  const std::shared_ptr<HttpStreamReader> reader_;
  const StreamFraming framing_;
  std::string outgoing_;
  std::size_t written_ = 0;
  bool finishing_ = false;
  bool complete_ = false;  // the end is in `outgoing_`, or needs no bytes
};

}  // namespace sluice::net
