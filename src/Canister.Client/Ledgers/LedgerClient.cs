using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client.IcrcLedger;

namespace Decent.Canister.Client;

/// <summary>What the three ledger kinds have in common: the ICRC-1 face.</summary>
internal abstract class LedgerClient(IAgent agent, Principal canister, LedgerProfile profile) : ILedgerClient
{
    private readonly IcrcLedgerCanister face = new(agent, canister);

    public Principal Canister { get; } = canister;

    public LedgerProfile Profile { get; } = profile;

    public string TransferMethod => "icrc1_transfer";

    protected IAgent Agent { get; } = agent;

    public byte[] EncodeTransfer(TransferArgument argument) => IcrcCodec.EncodeTransfer(argument);

    public TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply) => IcrcCodec.DecodeTransferAnswer(reply);

    public async Task<UInt128> BalanceAsync(IcrcAccount account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return Amount(
            "icrc1_balance_of", await face.Icrc1BalanceOfAsync(IcrcCodec.Account(account), cancellationToken));
    }

    public async Task<LedgerFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var symbol = await face.Icrc1SymbolAsync(cancellationToken);
        var decimals = await face.Icrc1DecimalsAsync(cancellationToken);
        var fee = await face.Icrc1FeeAsync(cancellationToken);
        return new LedgerFacts(symbol, decimals, Amount("icrc1_fee", fee));
    }

    public async Task<IcrcAccount?> MintingAccountAsync(CancellationToken cancellationToken)
    {
        var account = await face.Icrc1MintingAccountAsync(cancellationToken);
        try
        {
            return account is null ? null : IcrcCodec.ReadAccount(account);
        }
        catch (ArgumentException strange)
        {
            throw new CanisterCallException(
                Canister.ToText(), "icrc1_minting_account", strange.Message, innerException: strange);
        }
    }

    public abstract Task<ulong> LengthAsync(CancellationToken cancellationToken);

    public abstract IAsyncEnumerable<LedgerBlock> BlocksAsync(ulong from, CancellationToken cancellationToken);

    protected CanisterCallException Gap(string method, ulong index) => new(
        Canister.ToText(), method, $"block {index} is missing from the answer although the log is longer");

    /// <summary>An index or a length in 64 bits; no ledger has more.</summary>
    protected ulong Index(string method, BigInteger value) => value <= ulong.MaxValue
        ? (ulong)value
        : throw new CanisterCallException(Canister.ToText(), method, $"{value} is no index of a block");

    private UInt128 Amount(string method, BigInteger value) => value <= UInt128.MaxValue
        ? (UInt128)value
        : throw new CanisterCallException(Canister.ToText(), method, "the amount does not fit 128 bits");
}
