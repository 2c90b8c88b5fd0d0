#include "services/platform/rpc/server.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/notification.h>
#include <absl/time/clock.h>
#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "services/platform/mutex.h"
#include "services/platform/rpc/callback_threads.h"
#include "services/platform/rpc/reflection.h"

namespace klynge::rpc {
namespace {

// What streams that are ended before their time have to be told so.
constexpr absl::Duration kLastWords = absl::Milliseconds(500);

struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string ca;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read or is empty"));
  }
  return text.str();
}

// gRPC takes garbage without a word and then fails every handshake: look before using it.
absl::Status CheckMaterial(const TlsMaterial& material, const config::TlsFiles& files) {
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  const auto open = [](const std::string& pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  };
  const Certificate certificate(
      PEM_read_bio_X509(open(material.certificate).get(), nullptr, nullptr, nullptr), X509_free);
  const Certificate ca(PEM_read_bio_X509(open(material.ca).get(), nullptr, nullptr, nullptr),
                       X509_free);
  const Key key(PEM_read_bio_PrivateKey(open(material.key).get(), nullptr, nullptr, nullptr),
                EVP_PKEY_free);
  if (!certificate) return absl::InvalidArgumentError(files.certificate + ": no PEM certificate");
  if (!ca) return absl::InvalidArgumentError(files.ca + ": no PEM certificate");
  if (!key) return absl::InvalidArgumentError(files.key + ": no PEM private key");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(files.key, " is not the key of ", files.certificate));
  }
  return absl::OkStatus();
}

absl::StatusOr<TlsMaterial> ReadMaterial(const config::TlsFiles& files) {
  TlsMaterial material;
  for (auto [path, text] :
       {std::pair{&files.certificate, &material.certificate}, std::pair{&files.key, &material.key},
        std::pair{&files.ca, &material.ca}}) {
    auto read = ReadFile(*path);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  if (absl::Status checked = CheckMaterial(material, files); !checked.ok()) return checked;
  return material;
}

void SetOptions(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(kKeepalive)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(kKeepaliveTimeout)));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(kKeepalive / 2)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Clients look their peers up anew now and then, and so find new replicas.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 300'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 3'600'000);
}

}  // namespace

std::string FullServiceName(const std::string& service) {
  std::string name = service;
  if (!name.empty()) name[0] = absl::ascii_toupper(static_cast<unsigned char>(name[0]));
  return absl::StrCat("klynge.", service, ".v1.", name, "Service");
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::ServiceConfig& config) {
  if (config.auth == config::Auth::kNone) return grpc::InsecureServerCredentials();
  auto material = ReadMaterial(config.tls);
  if (!material.ok()) return material.status();
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = material->ca;
  options.pem_key_cert_pairs.push_back({material->key, material->certificate});
  return grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentials(
    const config::ServiceConfig& config) {
  if (config.auth == config::Auth::kNone) return grpc::InsecureChannelCredentials();
  auto material = ReadMaterial(config.tls);
  if (!material.ok()) return material.status();
  return grpc::SslCredentials({material->ca, material->key, material->certificate});
}

Server::Server() = default;

Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const config::ServiceConfig& config,
                                                      const std::vector<grpc::Service*>& services,
                                                      const std::vector<std::string>& also) {
  auto credentials = ServerCredentials(config);
  if (!credentials.ok()) return credentials.status();
  KeepCallbackThreads();
  std::unique_ptr<Server> server(new Server);
  grpc::EnableDefaultHealthCheckService(true);
  if (!config.health_listen.empty()) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(config.health_listen, grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&server->nothing_else_);
    server->health_server_ = builder.BuildAndStart();
    if (!server->health_server_ || port == 0) {
      return absl::UnavailableError(
          absl::StrCat("--health_listen=", config.health_listen, ": cannot listen there"));
    }
  }
  // After the health-only server, which is not to answer channelz.
  static const bool channelz = (grpc::channelz::experimental::InitChannelzService(), true);
  (void)channelz;
  grpc::ServerBuilder builder;
  SetOptions(builder);
  builder.AddListeningPort(config.listen, *credentials, &server->port_);
  server->names_ = {"", FullServiceName(config.service)};
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::vector<std::string> listed = {server->names_.back(), "grpc.health.v1.Health",
                                     "grpc.channelz.v1.Channelz",
                                     "grpc.reflection.v1alpha.ServerReflection"};
  listed.insert(listed.begin() + 1, also.begin(), also.end());
  server->reflection_ = std::make_unique<ReflectionService>(std::move(listed));
  builder.RegisterService(server->reflection_.get());
  HandToGrpc();
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ == 0) {
    return absl::UnavailableError(
        absl::StrCat("--listen=", config.listen, ": cannot listen there; is the port taken?"));
  }
  for (const auto& name : server->names_) server->SetHealth(name, false);
  for (const auto& name : also) server->SetHealth(name, true);
  server->SetHealth("liveness", true);
  server->SetHealth(kAccepting, true);
  return server;
}

void Server::SetHealth(const std::string& name, bool serving) {
  for (grpc::Server* server : {server_.get(), health_server_.get()}) {
    if (server != nullptr) server->GetHealthCheckService()->SetServingStatus(name, serving);
  }
}

void Server::Drain(const DrainOptions& options) {
  SetHealth(kAccepting, false);
  for (const auto& name : names_) SetHealth(name, false);
  absl::SleepFor(options.notice);
  const absl::Time deadline = absl::Now() + options.grace;
  absl::Notification done;
  // Sends GOAWAY, closes the port and waits.
  std::thread shutdown([&] {
    server_->Shutdown(absl::ToChronoTime(deadline));
    done.Notify();
  });
  options.when_closed();
  const absl::Duration left = deadline - absl::Now();
  if (!done.WaitForNotificationWithTimeout(left - std::min(kLastWords, left / 2))) {
    options.last_words();
  }
  shutdown.join();
  if (health_server_) health_server_->Shutdown(absl::ToChronoTime(absl::Now()));
  TakeFromGrpc();
}

}  // namespace klynge::rpc
