using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>What the three ledger kinds have in common: the ICRC-1 face.</summary>
internal abstract class LedgerClient(IAgent agent, Principal canister, LedgerProfile profile) : ILedgerClient
{
    public Principal Canister { get; } = canister;

    public LedgerProfile Profile { get; } = profile;

    public string TransferMethod => "icrc1_transfer";

    protected IAgent Agent { get; } = agent;

    public byte[] EncodeTransfer(TransferArgument argument) => IcrcCodec.EncodeTransfer(argument);

    public TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply) => IcrcCodec.DecodeTransferAnswer(reply);

    public Task<UInt128> BalanceAsync(IcrcAccount account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return AskAsync(
            "icrc1_balance_of",
            CandidArg.Of((IcrcTypes.Account, IcrcCodec.Account(account))),
            static answer => answer.Values[0].AsNat128(),
            cancellationToken);
    }

    public async Task<LedgerFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var symbol = await AskAsync(
            "icrc1_symbol", CandidArg.Empty, static answer => answer.Values[0].AsText(), cancellationToken);
        var decimals = await AskAsync(
            "icrc1_decimals", CandidArg.Empty, static answer => (byte)answer.Values[0].AsNat64(), cancellationToken);
        var fee = await AskAsync(
            "icrc1_fee", CandidArg.Empty, static answer => answer.Values[0].AsNat128(), cancellationToken);
        return new LedgerFacts(symbol, decimals, fee);
    }

    public Task<IcrcAccount?> MintingAccountAsync(CancellationToken cancellationToken) => AskAsync(
        "icrc1_minting_account",
        CandidArg.Empty,
        static answer => answer.Values[0].AsOpt() is { } account ? IcrcCodec.ReadAccount(account) : null,
        cancellationToken);

    public abstract Task<ulong> LengthAsync(CancellationToken cancellationToken);

    public abstract IAsyncEnumerable<LedgerBlock> BlocksAsync(ulong from, CancellationToken cancellationToken);

    protected Task<T> AskAsync<T>(
        string method, CandidArg arg, Func<CandidArg, T> read, CancellationToken cancellationToken) =>
        Agent.QueryAsync(Canister, method, arg, read, cancellationToken);

    protected CanisterCallException Gap(string method, ulong index) => new(
        Canister.ToText(), method, $"block {index} is missing from the answer although the log is longer");
}
