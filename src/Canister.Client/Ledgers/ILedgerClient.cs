using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// A token ledger as a payer sees it. Transfers are only encoded and decoded here: the bytes are sent by whoever has
/// stored them first.
/// </summary>
public interface ILedgerClient
{
    /// <summary>The ledger canister.</summary>
    Principal Canister { get; }

    /// <summary>How this ledger behaves.</summary>
    LedgerProfile Profile { get; }

    /// <summary>The update method that takes <see cref="EncodeTransfer"/>.</summary>
    string TransferMethod { get; }

    /// <summary>The Candid bytes of a transfer's argument; equal arguments give equal bytes.</summary>
    /// <param name="argument">The transfer.</param>
    /// <exception cref="ArgumentException">The memo or a subaccount has an impossible length.</exception>
    byte[] EncodeTransfer(TransferArgument argument);

    /// <summary>
    /// The typed meaning of a reply to <see cref="TransferMethod"/>. Never throws: what cannot be read is
    /// <see cref="TransferAnswer.Unrecognised"/>, which proves nothing.
    /// </summary>
    /// <param name="reply">Candid bytes of the reply.</param>
    TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply);

    /// <summary>The balance of an account in smallest units.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    Task<UInt128> BalanceAsync(IcrcAccount account, CancellationToken cancellationToken);

    /// <summary>Symbol, decimals and fee as the ledger states them.</summary>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    Task<LedgerFacts> FactsAsync(CancellationToken cancellationToken);

    /// <summary>The account whose transfers mint and to which transfers burn; null when the ledger has none.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    Task<IcrcAccount?> MintingAccountAsync(CancellationToken cancellationToken);

    /// <summary>The number of blocks in the ledger's history.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    Task<ulong> LengthAsync(CancellationToken cancellationToken);

    /// <summary>All blocks from <paramref name="from"/> to the end of the history, in order and without gaps.</summary>
    /// <param name="from">Index of the first block wanted.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <exception cref="CanisterCallException">
    /// The canister or an archive refused, could not be asked, or left a gap.
    /// </exception>
    IAsyncEnumerable<LedgerBlock> BlocksAsync(ulong from, CancellationToken cancellationToken);
}
