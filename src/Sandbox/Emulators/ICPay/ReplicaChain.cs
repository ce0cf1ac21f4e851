using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>ICPay's and the renters' transfers on the local replica, signed and sent like anybody's.</summary>
internal sealed class ReplicaChain : IICPayChain
{
    // What ICPay keeps to pay ledger fees from, in fees.
    private const int FloatInFees = 10_000;

    private readonly ICPaySettings _settings;
    private readonly ReplicaControl _control;
    private readonly Wallet _renter;
    private readonly Wallet _canister;

    /// <summary>Opens both wallets.</summary>
    /// <param name="replica">Root address of the replica.</param>
    /// <param name="settings">Where the keys and ledgers are.</param>
    /// <param name="clock">Business clock.</param>
    /// <param name="http">Sends.</param>
    public ReplicaChain(Uri replica, ICPaySettings settings, TimeProvider clock, HttpClient http)
    {
        _settings = settings;
        _control = new ReplicaControl(replica, http);
        _renter = Open(settings.RenterKeyFile, replica, clock, http);
        _canister = Open(settings.CanisterKeyFile, replica, clock, http);
    }

    /// <inheritdoc />
    public string Collector => _canister.Account.Owner.ToText();

    /// <inheritdoc />
    public async Task<ulong> PayAsync(
        ICPayLedger ledger, BigInteger units, byte[] memo, ulong createdAtNs, CancellationToken cancellationToken)
    {
        await FillAsync(_renter, ledger, units + ledger.FeeUnits, units + ledger.FeeUnits, cancellationToken);
        return await TransferAsync(_renter, ledger, _canister.Account, units, memo, createdAtNs, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ulong> RelayAsync(
        ICPayLedger ledger, string to, BigInteger units, byte[] memo, ulong createdAtNs,
        CancellationToken cancellationToken)
    {
        if (!IcrcAccount.TryParse(to, out var account))
        {
            throw new ICPayException(400, "Invalid recipient address");
        }

        await FillAsync(
            _canister,
            ledger,
            units + ledger.FeeUnits,
            new BigInteger(ledger.FeeUnits) * FloatInFees,
            cancellationToken);
        return await TransferAsync(_canister, ledger, account, units, memo, createdAtNs, cancellationToken);
    }

    private static Wallet Open(string keyFile, Uri replica, TimeProvider clock, HttpClient http)
    {
        var identity = Ed25519Identity.FromPem(File.ReadAllText(keyFile));
        var options = new AgentOptions { Endpoint = replica, PollDelay = TimeSpan.FromMilliseconds(50) };
        var agent = new HttpAgent(http, identity, options, clock, TimeProvider.System, SystemRandomBytes.Instance);
        return new Wallet(agent, new IcrcAccount(identity.Sender));
    }

    private async Task FillAsync(
        Wallet wallet, ICPayLedger ledger, BigInteger needed, BigInteger by, CancellationToken cancellationToken)
    {
        if ((BigInteger)await Client(wallet, ledger).BalanceAsync(wallet.Account, cancellationToken) < needed)
        {
            await _control.MintAsync(ledger.CanisterId, wallet.Account.ToString(), by, cancellationToken);
        }
    }

    private static async Task<ulong> TransferAsync(
        Wallet wallet, ICPayLedger ledger, IcrcAccount to, BigInteger units, byte[] memo, ulong createdAtNs,
        CancellationToken cancellationToken)
    {
        var client = Client(wallet, ledger);
        var argument = client.EncodeTransfer(new TransferArgument(null, to, (UInt128)units, null, memo, createdAtNs));
        var outcome = await wallet.Agent.CallAsync(client.Canister, client.TransferMethod, argument, cancellationToken);
        return outcome is not CallOutcome.Replied replied
            ? throw new ICPayException(502, $"The ledger call ended as {outcome.GetType().Name}")
            : client.DecodeTransferAnswer(replied.Reply) switch
            {
                TransferAnswer.Ok ok => ok.Block,
                TransferAnswer.Duplicate duplicate => duplicate.Block,
                var refused => throw new ICPayException(502, $"The ledger refused the transfer: {refused}"),
            };
    }

    private static ILedgerClient Client(Wallet wallet, ICPayLedger ledger) =>
        LedgerClients.Create(wallet.Agent, Principal.FromText(ledger.CanisterId), LedgerProfile.ByName[ledger.Profile]);

    private sealed record Wallet(IAgent Agent, IcrcAccount Account);
}
