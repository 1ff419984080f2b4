"""Shop: rewards, offers, orders, contests and payments."""

from __future__ import annotations

from troth.policy.model import Counter, Right, Role
from troth.web.api import complaints, contests, friends, houseads, orders, proofs, purchases, rewards
from troth.web.api import credits as given
from troth.web.api import offers as chosen
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import ALL, JOB, KEYS, ONE, PARTY, PERSON, STAFF
from troth.web.api.wire import contests as wn
from troth.web.api.wire import credits as wk
from troth.web.api.wire import offers as wo
from troth.web.api.wire import orders as wz
from troth.web.api.wire import people as wp
from troth.web.api.wire import purchases as wu
from troth.web.api.wire import rewards as wx
from troth.web.api.wire.base import SaidOut

REWARDS = (
    Operation("GET", f"{ONE}/rewards", rewards.rewards, "your rewards, each line and the balance", PERSON,
        wx.RewardsOut, by=about(Right, "access"), act=True),
    Operation("POST", f"{ONE}/redemptions", rewards.spend, "use points at a business", PERSON, wx.EntryOut,
        wx.SpendIn, status=201, by=rewards.reward_clauses, act=True),
    Operation("POST", "/redemptions", rewards.redeem, "use a coupon at your till", PARTY, wx.RedeemedOut,
        wx.RedeemIn, by=rewards.reward_clauses),
    Operation("POST", f"{ONE}/rewards/{{entitlement}}/reversal", rewards.reverse,
        "take a line of the ledger back by a new one", JOB | PARTY, wx.EntryOut, wx.ReverseIn, status=201,
        by=rewards.reward_clauses),
    Operation("GET", f"{ONE}/referral", friends.referral, "your link for friends", PERSON, wx.ReferralOut,
        by=about(Right, "access")),
    Operation("POST", f"{ONE}/referral", friends.name_referral, "your link, with a name that it shows",
        PERSON, wx.ReferralOut, wx.NamedIn, by=about(Right, "access"), act=True),
    Operation("GET", "/referrals/{ticket}", friends.invited, "what a friend's link means", ALL,
        wx.InvitedOut),
    Operation("POST", f"{ONE}/invitations", friends.invite, "ask somebody to be your contact", PERSON,
        SaidOut, wx.InviteIn, status=202, by=friends.friend_clauses, act=True),
    Operation("GET", f"{ONE}/friends", friends.friends, "your contacts who accepted", PERSON, wx.FriendsOut,
        by=friends.friend_clauses),
    Operation("POST", f"{ONE}/friends", friends.accept, "accept an invitation", PERSON, wx.FriendsOut,
        wx.AcceptIn, status=201, by=friends.friend_clauses, act=True),
    Operation("DELETE", f"{ONE}/friends/{{number}}", friends.unfriend, "end a contact, for both", PERSON,
        wx.FriendsOut, by=friends.friend_clauses, act=True),
    Operation("GET", f"{ONE}/complaints", complaints.complaints, "your complaints and their answers", PERSON,
        wx.ComplaintsOut, by=complaints.complaint_clauses),
    Operation("POST", f"{ONE}/complaints", complaints.complain, "dispute a reward", PERSON, wx.ComplaintOut,
        wx.ComplainIn, status=201, by=complaints.complaint_clauses, act=True),
    Operation("GET", "/complaints/{number}", complaints.handle, "a complaint about a reward of yours", PARTY,
        wx.HandledOut, by=complaints.complaint_clauses),
    Operation("POST", "/complaints/{number}/answer", complaints.resolve, "answer a complaint", PARTY, SaidOut,
        wx.ResolveIn, by=complaints.complaint_clauses),
)  # fmt: skip  # fmt: skip

OFFERS = (
    Operation("GET", f"{ONE}/house-ad", houseads.showing, "an advertisement of our own", PERSON,
        houseads.HouseAdOut, by=chosen.offer_clauses),
    Operation("POST", f"{ONE}/house-ads/{{campaign}}/click", houseads.following,
        "follow an advertisement of our own", PERSON, houseads.HouseAdOut, by=chosen.offer_clauses),
    Operation(
        "POST", f"{ONE}/credits", given.give, "credit what a business owes", JOB, wk.CreditOut, wk.CreditIn,
        status=201, by=rewards.reward_clauses,
    ),
    Operation(
        "GET", f"{ONE}/credits", given.credits, "what was credited", PERSON | JOB, wk.CreditsOut,
        by=rewards.reward_clauses,
    ),
    Operation(
        "GET", "/permissions", proofs.permissions, "who of the staff got or lost which role", STAFF,
        wp.RecordsOut, query=(Query("role", "the role in which staff look"),), by=about(Role),
    ),
    Operation(
        "GET", f"{ONE}/offers", chosen.offers, "what is offered, and by which answer", PERSON | JOB,
        wo.OffersOut, query=(Query("client", "whose offers"),), by=chosen.offer_clauses,
    ),
    Operation(
        "GET", f"{ONE}/messages", chosen.messages, "messages to you, and the rule that worded each", PERSON,
        wo.MessagesOut, by=about(Right, "access"),
    ),
    Operation(
        "POST", f"{ONE}/derived", chosen.derive, "count what a person said, anew", JOB, wo.DerivedOut,
        wo.DeriveIn, by=chosen.offer_clauses,
    ),
    Operation(
        "GET", "/flows/{flow}/drop-off", chosen.drop_off, "how far people come, step by step", KEYS,
        wo.DropOffOut, by=about(Counter),
    ),
)  # fmt: skip  # fmt: skip

ORDERS = (
    Operation("GET", "/products", orders.products, "what is sold", ALL, wz.ProductsOut),
    Operation(
        "GET", f"{ONE}/orders", orders.orders, "your orders", PERSON | JOB, wz.OrdersOut,
        by=orders.order_clauses,
    ),
    Operation(
        "POST", f"{ONE}/orders", orders.order, "order something", PERSON | JOB, wz.OrderOut, wz.OrderIn,
        status=201, by=orders.order_clauses, act=True,
    ),
    Operation(
        "POST", f"{ONE}/orders/{{number}}/state", orders.move, "send, deliver or cancel an order",
        PERSON | JOB | STAFF, wz.OrderOut, wz.StateIn, by=orders.order_clauses,
    ),
    Operation(
        "POST", f"{ONE}/orders/{{number}}/corrections", orders.fix, "put an order and its invoice right",
        STAFF, wz.OrderOut, wz.FixIn, by=orders.order_clauses,
    ),
)  # fmt: skip  # fmt: skip

CONTESTS = (
    Operation("GET", "/contests", contests.contests, "draws and competitions", ALL, wn.ContestsOut),
    Operation("GET", "/contests/{contest}", contests.contest, "one of them, to be checked by anybody", ALL,
        wn.ContestOut),
    Operation("GET", f"{ONE}/entries", contests.entries, "your entries, and your number in each", PERSON,
        wn.EntriesOut, by=contests.contest_clauses),
    Operation("POST", f"{ONE}/entries", contests.enter, "enter a draw or a competition", PERSON, wn.EntryOut,
        wn.EntryIn, status=201, by=contests.contest_clauses, act=True),
    Operation("DELETE", f"{ONE}/entries/{{contest}}", contests.leave, "take your entry back", PERSON, SaidOut,
        by=contests.contest_clauses, act=True),
    Operation("POST", "/contests/{contest}/opening", contests.begin, "commit to the seed of a draw", STAFF,
        wn.ContestOut, wn.OpenIn, status=201, by=contests.contest_clauses),
    Operation("POST", "/contests/{contest}/draw", contests.draw, "draw as committed", STAFF, wn.ContestOut,
        wn.DrawIn, by=contests.contest_clauses),
    Operation("GET", "/contests/{contest}/works", contests.works, "what was handed in, without names", STAFF,
        wn.WorksOut, by=contests.contest_clauses),
    Operation("POST", "/contests/{contest}/judgement", contests.judge, "say whom the judges chose", STAFF,
        wn.ContestOut, wn.JudgeIn, by=contests.contest_clauses),
    Operation("GET", "/contests/{contest}/winners", contests.winners, "who won, once it is decided", STAFF,
        wn.WinnersOut, by=contests.contest_clauses),
)  # fmt: skip  # fmt: skip

PURCHASES = (
    Operation("GET", "/shop", purchases.shop, "what is sold in the product", ALL, wu.ShopOut),
    Operation("GET", f"{ONE}/purchases", purchases.bought, "what you bought", PERSON | JOB, wu.PurchasesOut,
        by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/purchases", purchases.buy, "buy something in the product", PERSON,
        wu.PurchaseOut, wu.PurchaseIn, status=201, by=purchases.purchase_clauses, act=True),
    Operation("GET", f"{ONE}/purchases/{{number}}", purchases.one, "one order, and how it stands",
        PERSON | JOB, wu.PurchaseOut, by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/purchases/{{number}}/payment", purchases.pay, "pay an order", PERSON,
        wu.PurchaseOut, wu.PaymentIn, by=purchases.purchase_clauses, act=True),
    Operation("POST", f"{ONE}/purchases/{{number}}/refund", purchases.give_back, "give money back", JOB,
        wu.PurchaseOut, wu.RefundIn, by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/payments", purchases.book, "note a payment that happened elsewhere", JOB,
        SaidOut, wu.BookIn, status=201, by=purchases.purchase_clauses),
)  # fmt: skip  # fmt: skip
