// The streaming reactors behind rpc/dispatcher.h. Include that one.
#pragma once

#include "services/platform/rpc/dispatcher.h"
#include "services/platform/rpc/guard.h"

namespace klynge::rpc {

// Reads ahead while a batch is handled: what has arrived meanwhile is the next batch, so a fast
// client gets large batches and a slow one small latency.
template <class Request, class Response>
class ReadReactor final : public grpc::ServerReadReactor<Request> {
 public:
  ReadReactor(Runtime& runtime, Method& method, grpc::CallbackServerContext* context,
              Response* response, std::unique_ptr<ClientStreamHandler<Request, Response>> handler)
      : life_(runtime, method, context, runtime.default_stream_deadline),
        response_(response),
        handler_(std::move(handler)) {
    if (absl::Status refused = life_.Admission(); !refused.ok()) {
      End(refused);
      return;
    }
    place_ =
        runtime.open_streams->Add([this](const absl::Status& status) { return Claim(status); });
    this->StartRead(&incoming_);
  }

 private:
  static constexpr size_t kMaxBatch = 2'000;

  void OnReadDone(bool ok) override {
    bool read_on = false;
    bool hand_over = false;
    {
      MutexLock lock(&mutex_);
      if (ok) {
        waiting_.push_back(std::move(incoming_));
        incoming_ = Request();
        reading_ = read_on = !over_ && waiting_.size() < kMaxBatch;
      } else {
        reading_ = false;
        all_read_ = true;
      }
      if (!handling_ && !over_) handling_ = hand_over = true;
    }
    if (read_on) this->StartRead(&incoming_);
    if (hand_over) HandOver();
  }

  void HandOver() {
    if (absl::Status queued = life_.Submit([this] { HandleWaiting(); }); !queued.ok()) End(queued);
  }

  void HandleWaiting() {
    std::vector<Request> batch;
    bool last = false;
    bool read_on = false;
    {
      MutexLock lock(&mutex_);
      batch.swap(waiting_);
      last = all_read_;
      if (!last && !reading_) reading_ = read_on = true;
    }
    if (read_on) this->StartRead(&incoming_);
    absl::Status status = Handle(std::move(batch), last);
    if (last || !status.ok()) return End(status);
    bool more = false;
    {
      MutexLock lock(&mutex_);
      more = !waiting_.empty() || all_read_;
      status = stopping_;
      handling_ = more || !status.ok();
    }
    if (!status.ok()) return End(status);
    if (more) HandOver();
  }

  // See OpenStreams. What is being handled is let finish; then it ends the call itself.
  OpenStreams::End Claim(const absl::Status& status) {
    MutexLock lock(&mutex_);
    stopping_ = status;
    if (handling_ || over_) return nullptr;
    handling_ = true;
    return [this, status] { End(status); };
  }

  absl::Status Handle(std::vector<Request> batch, bool last) {
    return Guard([&]() -> absl::Status {
      if (!batch.empty()) {
        if (auto status = handler_->OnBatch(life_.call(), std::move(batch)); !status.ok()) {
          return status;
        }
      }
      if (!last) return absl::OkStatus();
      if (life_.cancelled()) return absl::CancelledError("the client broke off");
      return handler_->OnEnd(life_.call(), response_);
    });
  }

  // Only the thread that holds `handling_` (or none has it yet) comes here, so nothing touches the
  // reactor afterwards but gRPC.
  void End(const absl::Status& status) {
    {
      MutexLock lock(&mutex_);
      over_ = true;
    }
    if (life_.End(status)) this->Finish(ToGrpc(status));
  }

  void OnCancel() override { life_.Cancel(); }
  void OnDone() override { delete this; }

  CallLife life_;
  Response* const response_;
  const std::unique_ptr<ClientStreamHandler<Request, Response>> handler_;
  Request incoming_;  // gRPC's while reading_

  Mutex mutex_;
  std::vector<Request> waiting_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool all_read_ ABSL_GUARDED_BY(mutex_) = false;
  bool handling_ ABSL_GUARDED_BY(mutex_) = false;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status stopping_ ABSL_GUARDED_BY(mutex_);  // why it ends before its time
  OpenStreams::Place place_;                       // the last member: it goes first
};

// The stream a handler holds and the reactor gRPC holds; the stream may live longer, so the two
// meet under a mutex. No lock is held while gRPC is called, because gRPC may call back at once.
template <class Request, class Response>
class WriteReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  class Stream final : public ResponseStream<Response> {
   public:
    explicit Stream(WriteReactor* reactor) : reactor_(reactor) {}

    bool Send(Response message) override {
      {
        MutexLock lock(&mutex_);
        if (over_ || finish_ || queue_.size() >= ResponseStream<Response>::kMaxQueued) return false;
        queue_.push_back(std::move(message));
        if (writing_) return true;
        writing_ = true;
      }
      WriteFront();
      return true;
    }

    void Finish(absl::Status status) override {
      {
        MutexLock lock(&mutex_);
        if (finish_ || over_) return;
        finish_ = std::move(status);
        if (writing_) return;
        over_ = true;
      }
      reactor_->End(*finish_);
    }

    bool cancelled() const override {
      MutexLock lock(&mutex_);
      return over_;
    }

    size_t queued() const override {
      MutexLock lock(&mutex_);
      return queue_.size();
    }

    bool WaitForRoom(size_t limit) override {
      const auto room = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return over_ || queue_.size() < limit;
      };
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&room));
      return !over_;
    }

    // The client is gone: nothing more is written.
    void Abort() {
      {
        MutexLock lock(&mutex_);
        if (over_) return;
        aborted_ = true;
        if (writing_) return;  // the write in flight fails and ends the call
        over_ = true;
      }
      reactor_->End(absl::CancelledError("the client broke off"));
    }

    void OnWritten(bool ok) {
      bool done = false;
      {
        MutexLock lock(&mutex_);
        queue_.pop_front();
        if (!ok || aborted_) {
          queue_.clear();
          finish_ = absl::CancelledError("the client broke off");
        }
        writing_ = !queue_.empty();
        done = !writing_ && finish_;
        over_ = over_ || done;
        if (!writing_ && !done) return;
      }
      if (done) {
        reactor_->End(*finish_);
      } else {
        WriteFront();
      }
    }

   private:
    // Only the thread that set writing_ comes here; a deque keeps its front in place.
    void WriteFront() {
      const Response* front;
      {
        MutexLock lock(&mutex_);
        front = &queue_.front();
      }
      reactor_->StartWrite(front);
    }

    mutable Mutex mutex_;
    WriteReactor* const reactor_;  // alive until over_
    std::deque<Response> queue_ ABSL_GUARDED_BY(mutex_);
    absl::optional<absl::Status> finish_;  // set once under the mutex, read after
    bool writing_ ABSL_GUARDED_BY(mutex_) = false;
    bool aborted_ ABSL_GUARDED_BY(mutex_) = false;
    bool over_ ABSL_GUARDED_BY(mutex_) = false;
  };

  template <class Handler>
  WriteReactor(Runtime& runtime, Method& method, grpc::CallbackServerContext* context,
               const Request* request, Handler handler)
      : life_(runtime, method, context, runtime.default_stream_deadline),
        stream_(std::make_shared<Stream>(this)),
        place_(runtime.open_streams->Add([stream = stream_](const absl::Status& status) {
          return [stream, status] { stream->Finish(status); };
        })) {
    // The task holds the stream, so that the call can end while it runs.
    auto run = [stream = stream_, call = life_.call(), request = *request,
                handler = std::move(handler)]() mutable {
      absl::Status status = Guard([&]() -> absl::Status {
        KLYNGE_RETURN_IF_ERROR(CheckRequest(request));
        handler(call, request, std::static_pointer_cast<ResponseStream<Response>>(stream));
        return absl::OkStatus();
      });
      if (!status.ok()) stream->Finish(status);
    };
    if (absl::Status queued = life_.Submit(std::move(run)); !queued.ok()) stream_->Finish(queued);
  }

 private:
  void End(const absl::Status& status) {
    if (life_.End(status)) this->Finish(ToGrpc(status));
  }
  void OnWriteDone(bool ok) override { stream_->OnWritten(ok); }
  void OnCancel() override {
    life_.Cancel();
    stream_->Abort();
  }
  void OnDone() override { delete this; }

  CallLife life_;
  const std::shared_ptr<Stream> stream_;
  const OpenStreams::Place place_;
};

template <class Request, class Response>
grpc::ServerReadReactor<Request>* Dispatcher::ClientStream(
    const char* rpc, grpc::CallbackServerContext* context, Response* response,
    std::unique_ptr<ClientStreamHandler<Request, Response>> handler) {
  return new ReadReactor<Request, Response>(runtime_, MethodOf(rpc), context, response,
                                            std::move(handler));
}

template <class Request, class Response, class Handler>
grpc::ServerWriteReactor<Response>* Dispatcher::ServerStream(const char* rpc,
                                                             grpc::CallbackServerContext* context,
                                                             const Request* request,
                                                             Handler handler) {
  return new WriteReactor<Request, Response>(runtime_, MethodOf(rpc), context, request,
                                             std::move(handler));
}

}  // namespace klynge::rpc
