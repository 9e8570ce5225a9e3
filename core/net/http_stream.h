#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::net {

struct HttpStreamState;

/// The handler's end of an answer that is written bit by bit, for as long as it likes: server-sent events. Destroyed
/// without `end` it breaks the connection off, so that the peer does not take what came for the whole.
/// @note Any thread, one at a time but for `on_closed`, which calls back where the stream ends.
class HttpStream {
 public:
  explicit HttpStream(std::shared_ptr<HttpStreamState> state) noexcept : state_{std::move(state)} {}
  HttpStream(HttpStream&&) noexcept = default;
  HttpStream& operator=(HttpStream&&) = delete;
  ~HttpStream();

  /// Queues one more piece. Never blocks. False once the stream is over: ended, the peer gone, the server stopped, or
  /// the queue full, which drops the peer as a slow client.
  bool write(std::string_view piece) const;
  /// After what is queued the answer is complete.
  void end() const;
  /// Calls back once when the peer or the server ends the stream: on a net thread, or at once if it is over already.
  void on_closed(std::function<void()> callback) const;
  [[nodiscard]] bool open() const;
  /// Bytes that wait for the peer, those on their way to its socket included.
  [[nodiscard]] std::size_t queued_bytes() const;

 private:
  // Owners: this end and the reader's. Null once moved from.
  std::shared_ptr<HttpStreamState> state_;
};

/// The connection's end, which travels in HttpResponse::stream. Destroyed it closes the stream.
class HttpStreamReader {
 public:
  enum class End : std::uint8_t {
    open,
    complete,  ///< the handler ended it
    broken,    ///< the handler dropped it
    overrun    ///< the peer does not read as fast as the handler writes
  };
  struct Taken {
    std::string bytes;
    End end;  ///< what follows after `bytes`
  };

  explicit HttpStreamReader(std::shared_ptr<HttpStreamState> state) noexcept : state_{std::move(state)} {}
  HttpStreamReader(const HttpStreamReader&) = delete;
  HttpStreamReader& operator=(const HttpStreamReader&) = delete;
  ~HttpStreamReader();

  /// Everything that is queued; what was taken before counts as written.
  [[nodiscard]] Taken take();
  [[nodiscard]] bool overrun() const;
  /// `wake` runs on the handler's thread when there is something to take where there was nothing, and at the end.
  void on_data(std::function<void()> wake);
  /// Nothing more will be read: tells the handler.
  void close();

 private:
  std::shared_ptr<HttpStreamState> state_;
};

struct HttpStreamEnds {
  HttpStream writer;
  // Owners: the response, and from then on the connection.
  std::shared_ptr<HttpStreamReader> reader;
};

/// @param queue_bytes  How much may wait for the peer before it counts as slow.
[[nodiscard]] HttpStreamEnds make_http_stream(std::size_t queue_bytes);

}  // namespace sluice::net
