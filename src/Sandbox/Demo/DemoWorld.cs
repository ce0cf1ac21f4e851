using System.Text.Json.Nodes;
using Decent.Sandbox.Emulators;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>The public faces of a running sandbox, one client per caller.</summary>
internal sealed class DemoWorld : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Connects to a sandbox.</summary>
    /// <param name="run">What runs where.</param>
    /// <param name="keys">Its API keys.</param>
    public DemoWorld(RunFile run, SandboxKeys keys)
    {
        Marketplace = new PatientHttp(_http, run.Host, keys.Marketplace);
        Treasurer = new PatientHttp(_http, run.Host, keys.Treasurer);
        Approver = new PatientHttp(_http, run.Host, keys.Approver);
        Host = new PatientHttp(_http, run.Host, null);
        ICPay = new PatientHttp(_http, run.ICPay, null);
        Stripe = new PatientHttp(_http, run.Stripe, null);
        Replica = new ReplicaControl(run.Replica, _http);
        Wallet = run.PlatformAccount;
    }

    /// <summary>The marketplace: contracts, payments, payout accounts.</summary>
    public PatientHttp Marketplace { get; }

    /// <summary>The treasurer: drafts, deposits, reconciliation.</summary>
    public PatientHttp Treasurer { get; }

    /// <summary>The approver of payouts.</summary>
    public PatientHttp Approver { get; }

    /// <summary>The sandbox's own calls of the host.</summary>
    public PatientHttp Host { get; }

    /// <summary>Control calls of the ICPay emulator.</summary>
    public PatientHttp ICPay { get; }

    /// <summary>Control calls of the Stripe emulator.</summary>
    public PatientHttp Stripe { get; }

    /// <summary>Control calls of the replica.</summary>
    public ReplicaControl Replica { get; }

    /// <summary>Our own account on every ledger.</summary>
    public string Wallet { get; }

    /// <summary>Business time.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        DateTimeOffset.Parse(
            (await Host.GetAsync("/sandbox/clock", cancellationToken)).Text("now"),
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Walks the business clock; a time that has passed only lets due work finish.</summary>
    public Task WalkToAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        Host.PostAsync("/sandbox/clock", new JsonObject { ["to"] = instant.ToString("O") }, null, cancellationToken);

    /// <summary>Lets everything finish that is due now.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken) =>
        await WalkToAsync(await NowAsync(cancellationToken), cancellationToken);

    /// <summary>Every delivered webhook again, in an order that the seed decides; returns when all were
    /// accepted.</summary>
    /// <param name="times">How often each.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were sent.</returns>
    public async Task<int> RedeliverAsync(int times, int seed, CancellationToken cancellationToken)
    {
        var added = 0;
        foreach (var emulator in new[] { ICPay, Stripe })
        {
            var order = new JsonObject { ["times"] = times, ["seed"] = seed };
            var answer = await emulator.PostAsync("/control/redeliver", order, null, cancellationToken);
            added += (int)answer.Number("added");
        }

        await SettleAsync(cancellationToken);
        return added;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
