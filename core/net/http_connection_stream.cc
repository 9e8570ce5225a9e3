// HttpConnection's part of an answer that is written bit by bit.
#include <string_view>
#include <utility>

#include "core/net/http_connection.h"

namespace sluice::net {

void HttpConnection::start_stream(HttpResponse response, KeepAlive keep) {
  const StreamFraming framing = body_mode_ == BodyMode::omit ? StreamFraming::head_only
                                : version_ < 11              ? StreamFraming::until_closed
                                                             : StreamFraming::chunked;
  if (framing == StreamFraming::until_closed) keep = KeepAlive::no;
  if (keep == KeepAlive::no && after_answer_ == AfterAnswer::next_request) after_answer_ = AfterAnswer::close;
  streamed_.emplace(stream_head(response, version_, framing, keep), response.stream, framing);
  // Weak: the handler's end may outlive the connection. Posted: it writes on its own thread.
  response.stream->on_data([weak = weak_from_this(), executor = timer_.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->continue_stream();
    });
  });
  state_ = State::streaming;
  working_ = shared_from_this();
  read_ahead();
  // The handler began it before it could know that the server stops.
  shutting_down_ ? end_stream() : continue_stream();
}

void HttpConnection::continue_stream() {
  if (state_ != State::streaming) return;
  if (streamed_->overrun()) return drop_slow_client();
  if (writing_stream_) return;
  switch (streamed_->next()) {
    case StreamedAnswer::Next::write:
      return write_stream();
    case StreamedAnswer::Next::wait:
      return disarm();  // a stream may be silent for as long as it likes
    case StreamedAnswer::Next::done:
      return on_answer_sent();
    case StreamedAnswer::Next::broken:
      return close_now();
  }
}

void HttpConnection::write_stream() {
  writing_stream_ = true;
  arm(core_->options.request_timeout);
  const std::string_view next = streamed_->outgoing();
  stream_.async_write_some(asio::buffer(next.data(), next.size()),
                           [self = shared_from_this()](error_code failed, std::size_t size) {
                             self->writing_stream_ = false;
                             if (self->state_ != State::streaming) return;
                             if (failed) return self->close_now();
                             self->streamed_->written(size);
                             self->continue_stream();
                           });
}

void HttpConnection::end_stream() {
  after_answer_ = AfterAnswer::close;
  streamed_->finish();
  continue_stream();
}

void HttpConnection::drop_slow_client() {
  ++core_->counters.slow_clients;
  close_now();
}

}  // namespace sluice::net
