using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decent.Canister.Client;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Tests.Supervision;

public sealed class SupervisionTests : IDisposable
{
    private readonly string _directory = Path.Combine(
        Path.GetTempPath(), "decent-state-" + Path.GetRandomFileName());

    [Fact]
    public void Ports_have_defaults_and_follow_the_environment_and_the_command_line()
    {
        Assert.Equal(new SandboxPorts(8080, 8081, 8082, 8083, 8084), SandboxPorts.Read(null, _ => null));
        Assert.Equal(
            new SandboxPorts(9000, 8081, 8082, 9100, 8084),
            SandboxPorts.Read(
                "9000", name => name switch { "DECENT_PORT_HOST" => "1", "DECENT_PORT_STRIPE" => "9100", _ => null }));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("web")]
    public void What_is_no_port_is_refused_by_name(string text) => Assert.Contains(
        "--port", Assert.Throws<SandboxException>(() => SandboxPorts.Read(text, _ => null)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_port_that_is_taken_or_given_twice_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var number = ((IPEndPoint)taken.LocalEndpoint).Port;
        var ports = SandboxPorts.Free();
        ports.RequireFree();
        var collision = Assert.Throws<SandboxException>((ports with { Stripe = number }).RequireFree);
        Assert.Contains(number.ToString(CultureInfo.InvariantCulture), collision.Message, StringComparison.Ordinal);
        Assert.Contains("DECENT_PORT_STRIPE", collision.Message, StringComparison.Ordinal);
        Assert.Throws<SandboxException>((ports with { Stripe = ports.ICPay }).RequireFree);
    }

    [Fact]
    public void Only_one_supervisor_holds_a_folder()
    {
        var state = StateDirectory.Open(_directory);
        using (SandboxLock.Take(state))
        {
            var run = new RunFile(
                7, new Uri("http://h"), new Uri("http://r"), new Uri("http://i"), new Uri("http://s"), 8, 9, "account");
            run.Write(state);
            Assert.Equal(run, RunFile.TryRead(state));
            var refused = Assert.Throws<SandboxException>(() => SandboxLock.Take(state));
            Assert.Contains("already running: http://h", refused.Message, StringComparison.Ordinal);
        }

        SandboxLock.Take(state).Dispose();
    }

    [Fact]
    public void Secrets_are_made_once_and_only_their_owner_can_read_them()
    {
        var state = StateDirectory.Open(_directory);
        var secrets = SandboxSecrets.Of(state);
        string[] files =
        [
            secrets.ICPaySecretKey, secrets.ICPayPublishableKey, secrets.ICPayWebhookSecret, secrets.StripeSecretKey,
            secrets.StripeWebhookSecret, secrets.PlatformKey, secrets.ICPayCanisterKey, secrets.RenterKey,
        ];
        var texts = files.Select(File.ReadAllText).ToArray();
        var database = secrets.Database;

        secrets = SandboxSecrets.Of(StateDirectory.Open(_directory));
        _ = secrets.PlatformKey;

        Assert.Equal(texts, files.Select(File.ReadAllText));
        Assert.Equal(texts.Length, texts.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(database, secrets.Database);
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.True(IcrcAccount.TryParse(SandboxSecrets.Account(secrets.PlatformKey), out _));
    }

    [Fact]
    public void Options_are_read_and_what_is_not_known_is_refused()
    {
        var arguments = Arguments.Parse(["--json", "--seed", "7"], ["--seed"], ["--json"]);
        Assert.True(arguments.Has("--json"));
        Assert.Equal(7, arguments.Number("--seed"));
        Assert.Throws<ArgumentsException>(() => Arguments.Parse(["--seed"], ["--seed"], []));
        Assert.Throws<ArgumentsException>(() => Arguments.Parse(["--other"], ["--seed"], []));
        Assert.Throws<ArgumentsException>(() => Arguments.Parse(["--seed", "-1"], ["--seed"], []).Number("--seed"));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
